import Ledger
import Primitives
import Simulation
import TestHarness
import Testing

@testable import Replica

/// The typed entries of a node's log. Their bytes are kept in Documentation/formats-log.md and by the golden vectors.
@Testing.Suite("Log entries")
struct LogEntryTests {
  /// The log of a node that followed a view, with one record at least of what a running node writes.
  private func records() throws -> (harness: ReplicaHarness, records: [PendingRecord]) {
    let harness = try ReplicaHarness(validators: 4, own: 0)
    let block = try harness.chain(1)[0]
    let point = try harness.points([block])[0]
    try harness.propose(block, view: 1)
    let proposal = harness.proposal(block, view: 1)
    harness.receive(.certificate(try harness.certificate(.notarize(proposal), by: [1, 2, 3])), from: 1)
    let finalization = Statement.finalize(proposal, result: point.result)
    harness.receive(.certificate(try harness.certificate(finalization, by: [1, 2, 3])), from: 1)
    let bar = PendingRecord(VotingBar(Round(epoch: .first, view: View(7))))
    return (
      harness,
      harness.log + [
        bar, PendingRecord(VoidMeaning.votesLost), PendingRecord(Self.key), PendingRecord(Statement.notarize(proposal)),
      ]
    )
  }

  private static let key = OwnKey(PublicKey(prefix: 2, body: Digest(1, 2, 3, 4)), votes: .complete)

  private func encoded(_ entry: DecodedEntry) -> [UInt8] {
    switch entry {
    case .origin(let entry): entry.encoded()
    case .block(let entry): entry.encoded()
    case .vote(let entry): entry.encoded()
    case .certificate(let entry): entry.encoded()
    case .execution(let entry): entry.encoded()
    case .votingBar(let entry): entry.encoded()
    case .base(let entry): entry.encoded()
    case .void(let entry): entry.encoded()
    case .ownKey(let entry): entry.encoded()
    case .statement(let entry): entry.encoded()
    }
  }

  @Test("every record is decoded according to its kind, and encodes to the same bytes")
  func roundTrips() throws {
    let (_, records) = try records()
    for record in records {
      #expect(encoded(try DecodedEntry(record.kind, payload: record.payload)) == record.payload, "\(record.kind)")
    }
    let kinds = Set(records.map(\.kind))
    #expect(kinds == Set(LogEntryKind.allCases).subtracting([.base]))
  }

  @Test("every kind leads to the type that declares it")
  func kinds() {
    let kinds = [
      kind(of: LogOrigin.self), kind(of: BlockEntry.self), kind(of: Vote.self), kind(of: Certificate.self),
      kind(of: ExecutionRecord.self), kind(of: VotingBar.self), kind(of: BaseEntry.self), kind(of: VoidMeaning.self),
      kind(of: OwnKey.self), kind(of: Statement.self),
    ]
    #expect(kinds == LogEntryKind.allCases)
  }

  private func kind<Entry: LogEntry>(of type: Entry.Type) -> LogEntryKind {
    let kind = Entry.entryKind
    #expect(kind.isAwaited == Entry.isAwaited && kind.part == Entry.part && kind.loss == Entry.loss)
    return kind
  }

  @Test("records that the index finds by block name it, and the header can be read without the rest")
  func blocks() throws {
    let (harness, records) = try records()
    for record in records {
      #expect((record.block != nil) == (record.kind.part != nil && !isNotarization(record)), "\(record.kind)")
    }
    let record = try #require(records.first { $0.kind == .block })
    let entry = BlockEntry(payload: record.payload)
    let block = try entry.decoded(harness.population.chain, hash: &harness.hash)
    #expect(record.block == block.digest)
    #expect(try entry.header(harness.population.chain) == block.header)
  }

  @Test("R46: only a later bar ends that votes of a key may be lost, and what is kept of a pruned log says both")
  func ownKeys() throws {
    var base = LogBase(height: Height(5), origin: .founded, votingBar: nil)
    base.take(.ownKey(Self.key))
    #expect(base.keys[Self.key.key] == .complete)
    base.loseVotes()
    #expect(base.keys[Self.key.key] == .lost)
    base.take(.votingBar(VotingBar(Round(epoch: .first, view: View(7)))))
    let other = PublicKey(prefix: 3, body: Digest(1, 2, 3, 4))
    base.take(.ownKey(OwnKey(other, votes: .lost)))
    #expect(base.keys[Self.key.key] == .barred && base.keys[other] == .lost && !base.areVotesLost)
    #expect(try LogBase(base.encoded()) == base)
    // Of many keys the last remain.
    for index in 0..<65 {
      base.take(.ownKey(OwnKey(PublicKey(prefix: 2, body: Digest(9, 9, 9, UInt64(index))), votes: .complete)))
    }
    #expect(base.keys.list.count == 64 && base.keys[other] == nil)
    #expect(try LogBase(base.encoded()) == base)
    var bytes = base.encoded()
    bytes[bytes.count - 1] = 4
    #expect(throws: CodecError.self) { try LogBase(bytes) }
  }

  private func isNotarization(_ record: PendingRecord) -> Bool {
    record.kind == .certificate && (try? Certificate(payload: record.payload))?.kind == .notarize
  }
}
