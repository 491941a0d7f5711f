import Consensus
import Ledger
import Primitives
import Simulation
import TestHarness
import Testing

@testable import Replica

@Testing.Suite("Own votes")
struct OwnVotesTests {
  /// Refuses everything.
  private struct RefusingSigner: VoteSigner {
    var isElsewhere: Bool { false }
    func sign(_ statement: Statement, with key: PublicKey) throws(SigningRefusal) -> Signature {
      throw .failed(reason: "no key")
    }
    func finalized(_ round: Round) {}
  }

  private let harness: MachineHarness
  private var votes: OwnVotes

  init() throws {
    harness = try MachineHarness(validators: 7)
    votes = OwnVotes(signer: nil)
  }

  private func signer(isElsewhere: Bool) -> SimulatedSigner {
    SimulatedSigner(
      ring: harness.maker.ring, chain: harness.maker.population.chain, memory: VoteGuard(epoch: .first),
      isUnguarded: false, elsewhere: isElsewhere ? SignerMemory() : nil)
  }

  private mutating func say(_ statement: Statement) -> StopReason? {
    votes.say(statement, harness.chain, &harness.context)
  }

  private mutating func take(_ answer: Result<Signature, SigningRefusal>, for statement: Statement) -> StopReason? {
    let request = harness.context.effects.signings.first { $0.statement == statement }
    guard let request else { return .signing(.failed(reason: "it was not asked")) }
    return votes.take(answer, to: request, mayVote: true, harness.chain, &harness.context)
  }

  private mutating func sign(_ statement: Statement) throws -> StopReason? {
    take(.success(try harness.maker.vote(statement, by: 0).signature), for: statement)
  }

  private mutating func next(_ position: UInt64) -> Statement? {
    votes.nextCounting(upTo: LogPosition(position))?.statement
  }

  @Test("An own vote is sent after its record is appended, and counts when that is durable")
  mutating func ownVote() throws {
    votes = OwnVotes(signer: signer(isElsewhere: false))
    #expect(say(harness.maker.nullify(1)) == nil)
    #expect(harness.context.effects.records.map(\.kind) == [.vote])
    #expect(harness.context.effects.signings.isEmpty)
    #expect(harness.sent.map(\.after) == [LogPosition(1)])
    #expect(next(0) == nil)
    #expect(next(1) == harness.maker.nullify(1))
    #expect(votes.count == 0)
  }

  @Test("A statement that cannot be signed is a reason to stop, and nothing is sent")
  mutating func refused() {
    votes = OwnVotes(signer: RefusingSigner())
    #expect(say(harness.maker.nullify(1)) == .signing(.failed(reason: "no key")))
    #expect(harness.context.effects.records.isEmpty)
    #expect(harness.sent.isEmpty)
  }

  @Test(
    "R49: a statement for a signer elsewhere is recorded and asked for at once; its vote leaves and counts when both are done"
  )
  mutating func elsewhere() throws {
    votes = OwnVotes(signer: signer(isElsewhere: true))
    let statement = harness.maker.nullify(1)
    #expect(say(statement) == nil)
    #expect(harness.context.effects.records.map(\.kind) == [.statement])
    #expect(harness.context.effects.signings.map(\.statement) == [statement])
    #expect(harness.sent.isEmpty && next(1) == nil)
    #expect(try sign(statement) == nil)
    #expect(harness.sent.map(\.after) == [LogPosition(1)])
    #expect(next(0) == nil)
    #expect(next(1) == statement)
    #expect(try sign(statement) == nil, "a second answer is of no use")
    #expect(harness.sent.count == 1)
  }

  @Test("R49: votes leave and count in the order in which they were decided, whatever the order of the answers")
  mutating func order() throws {
    votes = OwnVotes(signer: signer(isElsewhere: true))
    let statements = (1...3).map { harness.maker.nullify($0) }
    for statement in statements { #expect(say(statement) == nil) }
    #expect(try sign(statements[1]) == nil)
    #expect(try sign(statements[2]) == nil)
    #expect(harness.sent.isEmpty && next(3) == nil)
    #expect(try sign(statements[0]) == nil)
    #expect(harness.sent.map(\.after) == [1, 2, 3].map { LogPosition($0) })
    for statement in statements { #expect(next(3) == statement) }
  }

  @Test(
    "R49: what the signer declines is never said, and holds up nothing; what it refuses for good is a reason to stop")
  mutating func declined() throws {
    votes = OwnVotes(signer: signer(isElsewhere: true))
    let statements = (1...2).map { harness.maker.nullify($0) }
    for statement in statements { #expect(say(statement) == nil) }
    #expect(try sign(statements[1]) == nil)
    let refusal = SigningRefusal.declined(code: "signer.conflict", reason: "signed before")
    #expect(take(.failure(refusal), for: statements[0]) == nil)
    #expect(harness.sent.count == 1 && next(2) == statements[1])
    #expect(say(harness.maker.nullify(3)) == nil)
    #expect(
      take(.failure(.failed(reason: "no key")), for: harness.maker.nullify(3)) == .signing(.failed(reason: "no key")))
  }

  @Test("R49: an answer that comes when the epoch is over, or for a view that is final, is not said")
  mutating func late() throws {
    votes = OwnVotes(signer: signer(isElsewhere: true))
    let statements = (1...2).map { harness.maker.nullify($0) }
    for statement in statements { #expect(say(statement) == nil) }
    votes.close(through: Round(epoch: .first, view: View(1)), harness.context)
    #expect(try sign(statements[0]) == nil)
    let signature = try harness.maker.vote(statements[1], by: 0).signature
    let reason = votes.take(
      .success(signature), to: harness.context.effects.signings[1], mayVote: false, harness.chain, &harness.context)
    #expect(reason == nil && harness.sent.isEmpty && votes.count == 0)
  }

  @Test(
    "R33: a signer elsewhere learns of the voting bar, although views below it become final before the log is durable")
  mutating func bar() throws {
    let memory = SignerMemory()
    votes = OwnVotes(
      signer: SimulatedSigner(
        ring: harness.maker.ring, chain: harness.maker.population.chain, memory: VoteGuard(epoch: .first),
        isUnguarded: false, elsewhere: memory))
    for view: UInt64 in [5, 8, 6, 7] {
      harness.context.append(PendingRecord(VoidMeaning.harmless))
      votes.close(through: Round(epoch: .first, view: View(view)), harness.context)
    }
    #expect(memory.statements.floor == .genesis)
    let isNew = harness.context.advanceDurable(to: LogPosition(4))
    votes.advanceDurable(&harness.context)
    #expect(isNew && memory.statements.floor == Round(epoch: .first, view: View(8)))
  }
}
