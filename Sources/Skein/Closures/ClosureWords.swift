public import CSkein

/// The function and the context of a closure that does not escape.
///
/// The declarations in this file are the package's unofficial ones. A thick closure is passed in the Swift calling
/// convention as two words, function and context; the C function of that name takes two words in the same registers and
/// returns them. `checkClosureWords()` verifies this for the compiler at hand when the first pool starts.
///
/// SAFETY: The words are valid as long as the closure is: take them of a closure *parameter*, and use that parameter
/// again after the last use of the words, so that the compiler keeps its context alive that long.
@_silgen_name("skein_closure_words")
@usableFromInline
func closureWords(_ closure: () -> Void) -> skein_closure

/// Returns an owned closure as two words.
///
/// SAFETY: the owner of the words turns them into a closure again, once.
@_silgen_name("skein_closure_disown")
func ownedClosureWords(_ closure: consuming @escaping @Sendable () throws -> Void) -> skein_closure

/// Returns the closure that these words were made of, owned again.
///
/// SAFETY: once for each `ownedClosureWords`.
@_silgen_name("skein_closure_own")
func ownedClosure(_ words: skein_closure) -> @Sendable () throws -> Void

/// Returns the context of a lender, which is the second of its words, or nil if it captures nothing.
///
/// SAFETY: the address is not dereferenced.
@_silgen_name("skein_closure_context")
private func closureContext(_ lender: ClosureLender) -> UnsafeRawPointer?

/// Returns whether a lender captures nothing. Only speed depends on this, not correctness.
@usableFromInline
func capturesNothing(_ lender: ClosureLender) -> Bool { unsafe closureContext(lender) == nil }

/// Traps if a closure does not survive the trip through its two words.
func checkClosureWords() {
  var number = 41
  func call(_ body: () -> Void) {
    let words = unsafe closureWords(body)
    unsafe skein_closure_call(words)
    if number == 0 { body() }
  }
  call { number += 1 }
  guard number == 42 else { fatal("this compiler passes closures in a way that Skein does not know") }
}

/// Takes the words of a closure parameter and keeps its context alive until `use` has returned.
@inline(never)
func withClosureWords(_ body: () -> Void, _ use: (skein_closure) -> Void) {
  unsafe use(closureWords(body))
  if skein_never() != 0 { body() }
}
