import Primitives
import Testing

@testable import Consensus

@Testing.Suite("The votes of one kind in one view")
struct VoteTallyTests {
  @Test("C2: any two quorums share an honest validator, for every set of 1...64", arguments: 1...64)
  func quorums(validators: Int) {
    let quorum = Quorum(validators: validators)
    #expect(2 * quorum.size - validators >= quorum.faults + 1)
    #expect(quorum.size <= validators - quorum.faults)
    #expect(quorum.size > validators / 2)
  }

  @Test("A certificate contains exactly a quorum, with the lowest indices, in index order")
  func exactQuorum() {
    var tally = VoteTally()
    for signer in [3, 1, 2] { #expect(tally.add(vote(nullify(1), signer)) == .counted) }
    let certificate = tally.certificate(of: nullify(1), quorum: 2)
    #expect(certificate?.signers == [ValidatorIndex(1), ValidatorIndex(2)])
    #expect(certificate?.signatures == [vote(nullify(1), 1).signature, vote(nullify(1), 2).signature])
    #expect(tally.certificate(of: nullify(1), quorum: 4) == nil)
    tally.checkInvariants()
  }

  @Test("The same vote with other signature bytes is a repetition, not a second vote or evidence")
  func repeated() {
    var tally = VoteTally()
    _ = tally.add(vote(nullify(1), 2, salt: 1))
    #expect(tally.add(vote(nullify(1), 2, salt: 9)) == .repeated)
    #expect(tally.count(of: nullify(1)) == 1)
  }

  @Test("Votes for one block with different results do not add up")
  func results() {
    var tally = VoteTally()
    _ = tally.add(vote(finalize(1, on: 0, result: 1), 0))
    _ = tally.add(vote(finalize(1, on: 0, result: 2), 1))
    _ = tally.add(vote(finalize(1, on: 0, result: 1), 2))
    #expect(tally.certificate(of: finalize(1, on: 0, result: 1), quorum: 3) == nil)
    #expect(tally.count(of: finalize(1, on: 0, result: 1)) == 2)
    #expect(tally.count(of: finalize(1, on: 0, result: 2)) == 1)
  }

  @Test("C10: a validator that contradicts itself counts for neither statement, now or later")
  func conflict() {
    var tally = VoteTally()
    _ = tally.add(vote(notarize(1, on: 0, block: 1), 2))
    let earlier = vote(notarize(1, on: 0, block: 1), 2)
    #expect(tally.add(vote(notarize(1, on: 0, block: 2), 2)) == .conflict(with: earlier))
    #expect(tally.add(vote(notarize(1, on: 0, block: 1), 2)) == .excluded)
    #expect(tally.count(of: notarize(1, on: 0, block: 1)) == 0)
    #expect(tally.count(of: notarize(1, on: 0, block: 2)) == 0)
    tally.checkInvariants()
  }
}
