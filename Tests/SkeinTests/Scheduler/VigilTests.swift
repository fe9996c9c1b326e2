import Testing

@testable import Skein

/// The way to sleep and back, without a thread.
@Suite struct VigilTests {
  @Test(arguments: [Patience(), .ofCaller])
  func whoFindsNothingPausesThenAnnouncesThenSleeps(patience: Patience) {
    var vigil = Vigil(patience)
    var pauses: [Patience.Pause] = []
    while case .pause(let pause) = vigil.look(hasFound: false) { pauses.append(pause) }
    #expect(vigil.state == .announced)
    // It pauses first, and then offers its processor, both more than once.
    let firstYield = pauses.firstIndex(of: .yield) ?? 0
    #expect(firstYield > 1 && pauses.count > firstYield + 1)
    #expect(pauses[firstYield...].allSatisfy { $0 == .yield })
    #expect(vigil.lastLook(hasFound: false) == .sleep)
    #expect(vigil.state == .asleep)
  }

  @Test func whoFindsSomethingBeginsAnew() {
    var vigil = Vigil()
    let first = vigil.look(hasFound: false)
    #expect(vigil.look(hasFound: false) != first)
    #expect(vigil.look(hasFound: true) == .goOn)
    #expect(vigil.look(hasFound: false) == first)
  }

  @Test func aLastLookThatFindsSomethingKeepsItAwake() {
    var vigil = Vigil()
    let first = vigil.look(hasFound: false)
    vigil.losePatience()
    #expect(vigil.look(hasFound: false) == .announce)
    #expect(vigil.lastLook(hasFound: true) == .stayAwake)
    #expect(vigil.state == .looking)
    #expect(vigil.look(hasFound: false) == first)
  }

  @Test func whoIsWokenHasPatienceAgain() {
    var vigil = asleep()
    let first = Vigil().looking()
    vigil.wake()
    #expect(vigil.look(hasFound: false) == first)
  }

  @Test func whoWakesByItselfLooksOnce() {
    var vigil = asleep()
    vigil.wake(byTime: true)
    #expect(vigil.state == .looking)
    #expect(vigil.look(hasFound: false) == .announce)
  }

  /// Somebody could not find it if it slept now.
  @Test func whoMayNotSleepOffersItsProcessor() {
    var vigil = Vigil()
    vigil.losePatience()
    for _ in 0..<3 { #expect(vigil.look(hasFound: false, maySleep: false) == .pause(.yield)) }
    #expect(vigil.state == .looking)
    #expect(vigil.look(hasFound: false) == .announce)
  }

  private func asleep() -> Vigil {
    var vigil = Vigil()
    vigil.losePatience()
    _ = vigil.look(hasFound: false)
    _ = vigil.lastLook(hasFound: false)
    return vigil
  }
}

extension Vigil {
  /// What its first look in vain is followed by.
  fileprivate func looking() -> Step {
    var copy = self
    return copy.look(hasFound: false)
  }
}
