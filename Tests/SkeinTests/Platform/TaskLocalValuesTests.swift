import CSkein
import Synchronization
import Testing

@testable import Skein

private enum Local {
  @TaskLocal static var number = 0
  @TaskLocal static var text = "default"
  @TaskLocal static var tracked: LifeTracked?
}

/// Runs a closure on a thread of its own and waits for it.
private func elsewhere(_ body: @escaping @Sendable () -> Void) { OutsideThread(body).join() }

/// Runs a closure on a thread without a task, then in the task of the test.
private func outsideAndInside(_ body: @escaping @Sendable () -> Void) {
  elsewhere(body)
  body()
}

/// What is noted on any thread.
private final class Notes<Element: Sendable>: Sendable {
  private let noted = Mutex<[Element]>([])
  func note(_ element: Element) { noted.withLock { $0.append(element) } }
  var all: [Element] { noted.withLock { $0 } }
}

/// Whether this platform and this runtime are ones for which it is claimed that values are carried.
private let isClaimed: Bool = {
  #if os(Linux) && compiler(>=6.3)
    return true
  #else
    return false
  #endif
}()

@Suite struct TaskLocalValuesTests {
  @Test func calibrationSucceedsWhereItIsClaimedTo() {
    #expect(TaskLocalValues.isSupported == isClaimed)
    #expect(TaskLocalPlace.nowhere.values == .none)
  }

  @Test func nothingIsSeenOrChangedWithoutCalibration() {
    let place = TaskLocalPlace.nowhere
    Local.$number.withValue(1) {
      #expect(place.values == .none)
      place.with(.none) { #expect(Local.number == 1) }
    }
  }
}

extension TaskLocalValuesTests {
  @Suite(.enabled(if: TaskLocalValues.isSupported)) struct Carried {
    @Test func valuesOfAThreadAreSeenOnAnother() {
      outsideAndInside {
        #expect(Local.number == 0)
        Local.$number.withValue(7) {
          Local.$text.withValue("seven, and too long to be stored in place") {
            let values = TaskLocalValues.current
            #expect(values != .none)
            elsewhere {
              #expect(TaskLocalValues.current == .none)
              values.withInstalled {
                #expect(TaskLocalValues.current == values)
                #expect(Local.number == 7)
                #expect(Local.text == "seven, and too long to be stored in place")
              }
              #expect(TaskLocalValues.current == .none)
              #expect(Local.number == 0 && Local.text == "default")
            }
          }
        }
      }
    }

    @Test func valuesOfATaskAreSeenOnAThread() async {
      // The values of the test's own task lie beneath.
      await Local.$number.withValue(7) {
        await Task { seesSeven() }.value
        await Task.detached { #expect(Local.number == 0) }.value
        async let child: Void = seesSeven()
        await child
        await withTaskGroup { group in
          for _ in 0..<4 { group.addTask { seesSeven() } }
          Local.$number.withValue(8) { carries(8) }
          await Local.$text.withValue("in the body of a group") {
            carries(7)
            await Task.yield()
            carries(7)
          }
        }
        seesSeven()
      }

      @Sendable func seesSeven() {
        #expect(Local.number == 7)
        carries(7)
        Local.$number.withValue(9) { carries(9) }
        carries(7)
      }

      @Sendable func carries(_ number: Int) {
        let values = TaskLocalValues.current
        let text = Local.text
        elsewhere { values.withInstalled { #expect(Local.number == number && Local.text == text) } }
      }
    }

    @Test @MainActor func valuesOfTheMainActorAreSeenOnAThread() async {
      await Local.$number.withValue(3) {
        await Task.yield()
        let values = TaskLocalValues.current
        elsewhere { values.withInstalled { #expect(Local.number == 3) } }
        await Task { @MainActor in
          let values = TaskLocalValues.current
          elsewhere { values.withInstalled { #expect(Local.number == 3) } }
        }.value
      }
    }

    @Test func whatIsSetOnTopIsTakenOffAgain() {
      outsideAndInside {
        Local.$number.withValue(1) {
          let values = TaskLocalValues.current
          elsewhere {
            let place = TaskLocalPlace.ofThisThread
            for depth in 0..<50 {
              place.with(values) {
                func nest(_ level: Int) {
                  guard level < depth else { return }
                  Local.$number.withValue(level + 10) {
                    Local.$text.withValue("\(level)") {
                      nest(level + 1)
                      #expect(Local.number == level + 10 && Local.text == "\(level)")
                    }
                  }
                }
                nest(0)
                #expect(place.values == values)
                #expect(Local.number == 1 && Local.text == "default")
              }
              #expect(place.values == .none)
            }
          }
          #expect(Local.number == 1)
        }
      }
    }

    @Test func installationsNestInAnyOrder() {
      outsideAndInside {
        Local.$number.withValue(1) {
          let one = TaskLocalValues.current
          Local.$number.withValue(2) {
            let two = TaskLocalValues.current
            @Sendable func check() {
              let place = TaskLocalPlace.ofThisThread
              let own = Local.number
              one.withInstalled {
                #expect(Local.number == 1)
                two.withInstalled {
                  #expect(Local.number == 2)
                  Local.$number.withValue(3) {
                    let three = place.values
                    place.with(.none) {
                      #expect(Local.number == 0)
                      Local.$number.withValue(4) {
                        place.with(three) { #expect(Local.number == 3) }
                        place.with(one) { #expect(Local.number == 1) }
                        #expect(Local.number == 4)
                      }
                      #expect(Local.number == 0)
                    }
                    #expect(Local.number == 3)
                  }
                  #expect(Local.number == 2)
                }
                #expect(Local.number == 1)
              }
              #expect(Local.number == own)
            }
            check()
            elsewhere {
              check()
              Local.$number.withValue(5) { check() }
              #expect(TaskLocalValues.current == .none)
            }
          }
        }
      }
    }

    @Test func valuesAreInstalledInATaskToo() async {
      let place = Notes<Bool>()
      await Local.$number.withValue(1) {
        await withTaskGroup { group in
          group.addTask {
            Local.$number.withValue(2) {
              let values = TaskLocalValues.current
              // A child of another task, so that its list ends in the marker of a child, or is empty.
              elsewhere {
                _ = Task.immediateDetached {
                  let own = TaskLocalValues.current
                  values.withInstalled {
                    #expect(Local.number == 2)
                    Local.$number.withValue(3) { #expect(Local.number == 3) }
                    #expect(Local.number == 2)
                  }
                  #expect(TaskLocalValues.current == own && Local.number == 0)
                  place.note(true)
                }
              }
            }
          }
        }
      }
      #expect(place.all == [true])
    }

    @Test func anErrorRestoresWhatWasSeen() {
      outsideAndInside {
        struct Failure: Error {}
        Local.$number.withValue(1) {
          let values = TaskLocalValues.current
          elsewhere {
            #expect(throws: Failure.self) {
              try values.withInstalled {
                try Local.$number.withValue(2) { throw Failure() }
              }
            }
            #expect(TaskLocalValues.current == .none)
          }
        }
      }
    }

    @Test func aTaskMadeElsewhereHasCopies() async {
      let task = Mutex<Task<(Int, String), Never>?>(nil)
      let immediate = Notes<Int>()
      await Task {}.value
      func make() {
        Local.$number.withValue(5) {
          let values = TaskLocalValues.current
          OutsideThread.run(1) { _ in
            values.withInstalled {
              Local.$text.withValue("on top") {
                Task.immediate { immediate.note(Local.number) }
                let made = Task {
                  await Task.yield()
                  return (Local.number, Local.text)
                }
                task.withLock { $0 = made }
              }
            }
          }
        }
      }
      make()
      let seen = await task.withLock { $0 }!.value
      #expect(seen.0 == 5 && seen.1 == "on top")
      #expect(immediate.all == [5])
    }

    /// The runtime puts a marker on the list of the thread while it runs an isolated `deinit`, and takes it off again.
    @Test func anIsolatedDeinitSeesNoValues() {
      let seen = Notes<Int>()
      actor Guarded {
        let seen: Notes<Int>
        init(_ seen: Notes<Int>) { self.seen = seen }
        isolated deinit {
          seen.note(Local.number)
          let values = TaskLocalValues.current
          elsewhere { [seen] in values.withInstalled { seen.note(Local.number) } }
          Local.$number.withValue(4) { seen.note(Local.number) }
        }
      }
      outsideAndInside {
        Local.$number.withValue(6) {
          let values = TaskLocalValues.current
          elsewhere {
            values.withInstalled {
              for _ in 0..<10 { _ = Guarded(seen) }
              #expect(Local.number == 6)
              #expect(TaskLocalValues.current == values)
            }
            #expect(TaskLocalValues.current == .none)
          }
        }
      }
      #expect(eventually { seen.all.count == 60 })
      #expect(seen.all == Array(repeatElement([0, 0, 4], count: 20).joined()))
    }

    @Test func copiesOutliveTheirOriginals() {
      let lives = Lives()
      let seen = Notes<Bool>()
      outsideAndInside {
        for round in 0..<20 {
          func make() -> @Sendable () -> Void {
            Local.$number.withValue(round) {
              Local.$tracked.withValue(LifeTracked(round, lives)) {
                TaskLocalCopies.keeping {
                  let values = TaskLocalValues.current
                  elsewhere {
                    values.withInstalled { seen.note(Local.number == round && Local.tracked?.value == round) }
                  }
                  Local.$number.withValue(-1) { seen.note(Local.number == -1) }
                  seen.note(Local.number == round)
                }
              }
            }
          }
          let kept = make()
          #expect(lives.alive == 1)
          if round % 2 == 0 {
            elsewhere(kept)
          } else {
            // On top of other work, which finds its own values and its own task again.
            Local.$number.withValue(100) {
              let values = TaskLocalValues.current
              let task = unsafe withUnsafeCurrentTask { unsafe $0.hashValue }
              kept()
              #expect(unsafe withUnsafeCurrentTask { unsafe $0.hashValue } == task)
              #expect(TaskLocalValues.current == values && Local.number == 100)
            }
          }
          #expect(lives.alive == 0)
        }
      }
      #expect(seen.all == Array(repeating: true, count: 120))
    }

    @Test func nothingLeaksAndNothingDiesEarly() {
      outsideAndInside {
        let lives = Lives()
        for round in 0..<rounds(200, long: 5000) {
          Local.$tracked.withValue(LifeTracked(round, lives)) {
            let values = TaskLocalValues.current
            OutsideThread.run(2) { _ in
              values.withInstalled {
                #expect(Local.tracked?.value == round)
                Local.$tracked.withValue(LifeTracked(-1, lives)) {
                  #expect(Local.tracked?.value == -1)
                  Local.$tracked.withValue(nil) { #expect(Local.tracked == nil) }
                }
                #expect(Local.tracked?.value == round)
              }
            }
            #expect(Local.tracked?.value == round)
            #expect(lives.alive == 1)
          }
          #expect(lives.alive == 0)
        }
      }
    }

    @Test func manyReadOneListWhileItsOwnerSetsMore() {
      outsideAndInside {
        let lives = Lives()
        Local.$tracked.withValue(LifeTracked(1, lives)) {
          Local.$number.withValue(2) {
            let values = TaskLocalValues.current
            let running = Counter()
            let isOver = Flag()
            let readers = (0..<3).map { reader in
              OutsideThread {
                let place = TaskLocalPlace.ofThisThread
                running.add()
                var rounds = 0
                while !isOver.isSet || rounds < 100 {
                  rounds += 1
                  place.with(values) {
                    if Local.number != 2 || Local.tracked?.value != 1 { Issue.record("seen: \(Local.number)") }
                    Local.$number.withValue(reader) { if Local.number != reader { Issue.record("not on top") } }
                  }
                }
                #expect(place.values == .none)
              }
            }
            #expect(eventually { running.value == 3 })
            for round in 0..<rounds(20_000, long: 1_000_000) {
              Local.$number.withValue(round) {
                Local.$tracked.withValue(LifeTracked(round, lives)) {
                  if Local.tracked?.value != round || Local.number != round { Issue.record("seen: \(Local.number)") }
                }
              }
            }
            isOver.set()
            for reader in readers { reader.join() }
            #expect(lives.alive == 1)
          }
        }
        #expect(lives.alive == 0)
      }
    }
  }
}
