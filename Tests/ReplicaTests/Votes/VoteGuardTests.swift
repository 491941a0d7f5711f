import Primitives
import Testing

@testable import Replica

@Testing.Suite("The guard at the signer")
struct VoteGuardTests {
  private func proposal(_ view: UInt64, _ block: UInt64) -> Proposal {
    Proposal(epoch: .first, view: View(view), parent: View(view - 1), block: Digest(block, 0, 0, 0))
  }

  private func statements(_ view: UInt64) -> [Statement] {
    [
      .notarize(proposal(view, 1)), .notarize(proposal(view, 2)), .nullify(epoch: .first, view: View(view)),
      .finalize(proposal(view, 1), result: Digest(7, 0, 0, 0)),
      .finalize(proposal(view, 1), result: Digest(8, 0, 0, 0)),
      .finalize(proposal(view, 2), result: Digest(7, 0, 0, 0)),
    ]
  }

  /// What an honest validator never says together, in the order it would say it.
  private func contradicts(_ earlier: Statement, _ later: Statement) -> Bool {
    switch (earlier.kind, later.kind) {
    case (.notarize, .notarize), (.finalize, .finalize): earlier != later
    case (.nullify, .notarize), (.nullify, .finalize), (.finalize, .nullify): true
    default: false
    }
  }

  @Test("C8: of all pairs of statements, exactly the contradicting ones are refused")
  func pairs() {
    for first in statements(5) {
      for second in statements(5) {
        var memory = VoteGuard(epoch: .first)
        #expect(memory.conflict(with: first) == nil)
        memory.remember(first)
        #expect((memory.conflict(with: second) != nil) == contradicts(first, second), "\(first) then \(second)")
        #expect(memory.conflict(with: first) == nil, "repeating is allowed")
      }
    }
  }

  @Test("C8: statements of another view do not matter, those of another epoch are refused")
  func others() {
    var memory = VoteGuard(epoch: .first)
    memory.remember(.nullify(epoch: .first, view: View(5)))
    #expect(memory.conflict(with: .notarize(proposal(6, 1))) == nil)
    #expect(memory.conflict(with: .nullify(epoch: Epoch(1), view: View(6))) != nil)
  }

  @Test("C8: nothing at or below a finalized view is signed again")
  func floor() {
    var memory = VoteGuard(epoch: .first)
    memory.raiseFloor(to: Round(epoch: .first, view: View(5)))
    for statement in statements(5) { #expect(memory.conflict(with: statement) != nil) }
    for statement in statements(6) { #expect(memory.conflict(with: statement) == nil) }
    memory.raiseFloor(to: Round(epoch: .first, view: View(3)))
    #expect(memory.conflict(with: statements(4)[0]) != nil, "the floor never falls")
  }
}
