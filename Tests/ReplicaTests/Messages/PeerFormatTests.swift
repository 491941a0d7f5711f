import Foundation
import Ledger
import Primitives
import TestHarness
import Testing

@testable import Replica

/// The bytes of Documentation/formats-peers.md, and what it says of them. The hexadecimal is put together by hand from
/// the document, field by field.
@Testing.Suite("Bytes between peers")
struct PeerFormatTests {
  private static let digest = Digest(0x0102_0304_0506_0708, 2, 3, 4)
  private static let digestHex =
    "0102030405060708" + "0000000000000002" + "0000000000000003" + "0000000000000004"
  private static let signature = Signature(first: Digest(5, 6, 7, 8), second: Digest(9, 10, 11, 12))
  private static let signatureHex = (5...12).map { number in
    let digits = Hex.encode([UInt8(number)])
    return "00000000000000\(digits)"
  }.joined()
  private static let proposal = Proposal(epoch: Epoch(1), view: View(0x0203), parent: View(2), block: digest)
  private static let proposalHex = "0100000000000000" + "0302000000000000" + "0200000000000000" + digestHex
  private static let vote = Vote(
    statement: .notarize(proposal), signer: ValidatorIndex(3), signature: signature)
  private static let voteHex = "01" + proposalHex + "0300" + signatureHex
  private static let finalization = Certificate(
    statement: .finalize(proposal, result: digest), signers: [ValidatorIndex(0), ValidatorIndex(9)],
    signatures: [signature, signature])
  private static let finalizationHex = "03" + proposalHex + digestHex + "02" + "0102" + signatureHex + signatureHex

  private static let result = BlockResult(
    height: Height(0x0102), block: digest, stateRoot: digest, outcomeRoot: digest,
    above: EpochReference(epoch: Epoch(0x0506), configuration: digest))
  private static let resultHex =
    "0201000000000000" + digestHex + digestHex + digestHex + "0605000000000000" + digestHex
  private static let key = PublicKey(prefix: 2, body: digest)
  private static let closing = Closing(
    result: result, certificate: finalization,
    configuration: ChainConfiguration(
      rulesVersion: 3, leaderTimeoutMilliseconds: 0x0708,
      validators: [ConfiguredValidator(name: Samples.name("a"), member: Samples.name("bc"), voteKey: key)]))
  private static let configurationHex = "0300" + "08070000" + "01000000" + "0161" + "026263" + "02" + digestHex

  private static let vectors: [(message: PeerMessage, hex: String)] = [
    (.transactions([[1, 2], [3]]), "01" + "02000000" + "02000000" + "0102" + "01000000" + "03"),
    (.proposal(vote, block: [7, 8, 9]), "02" + voteHex + "03000000" + "070809"),
    (.vote(vote), "03" + voteHex),
    (.certificate(finalization), "04" + finalizationHex),
    (
      .status(PeerStatus(epoch: Epoch(1), view: View(0x0203), finalizedView: View(4), height: Height(5))),
      "05" + "0100000000000000" + "0302000000000000" + "0400000000000000" + "0500000000000000"
    ),
    (
      .fetchCertificates(of: Epoch(7), from: View(2), to: View(0x0103)),
      "06" + "0700000000000000" + "0200000000000000" + "0301000000000000"
    ),
    (.fetchBlock(digest), "07" + digestHex),
    (.block([7, 8, 9]), "08" + "03000000" + "070809"),
    (.fetchRange(from: Height(0x0102)), "09" + "0201000000000000"),
    (
      .range(BlockRange(blocks: [[7, 8], [9]], headers: [[1, 2, 3]], finalization: finalization)),
      "0a" + "02000000" + "02000000" + "0708" + "01000000" + "09" + "01000000" + "03000000" + "010203" + finalizationHex
    ),
    (.fetchSnapshot(above: Height(0x0102)), "0b" + "0201000000000000"),
    (.snapshot([7, 8]), "0c" + "02000000" + "0708"),
    (.fetchChunk(Height(0x0102), index: 0x0304), "0d" + "0201000000000000" + "04030000"),
    (
      .chunk(Height(0x0102), index: 0x0304, bytes: [7, 8]),
      "0e" + "0201000000000000" + "04030000" + "02000000" + "0708"
    ),
    (.fetchFinal(Height(0x0102)), "0f" + "0201000000000000"),
    (.final(Height(0x0102), []), "10" + "0201000000000000" + "00000000"),
    (.fetchClosings(from: Epoch(0x0102)), "11" + "0201000000000000"),
    (
      .closings(Closings([closing], first: Epoch(1))),
      "12" + "0100000000000000" + "01000000" + resultHex + finalizationHex + configurationHex
    ),
  ]

  @Test("D6: every message has exactly these bytes, and is read back from them")
  func exactly() throws {
    #expect(Set(Self.vectors.map(\.message.kind)) == Set(PeerMessage.Kind.allCases))
    for (message, hex) in Self.vectors {
      #expect(Hex.encode(message.encoded()) == hex, "\(message.kind)")
      #expect(try PeerMessage(try #require(Hex.decode(hex))) == message)
    }
  }

  @Test("D6: an execution record has exactly these bytes, and is read back from them")
  func execution() throws {
    let failed = TransactionOutcome(code: .assetInsufficientFunds, operation: 0x0304)
    let execution = ExecutionRecord(
      result: Self.result, digest: Self.digest, outcomes: [.applied, failed, .applied, failed])
    let hex =
      Self.resultHex + Self.digestHex + "04000000" + "02000000" + "01000000" + "3200" + "04030000" + "03000000" + "3200"
      + "04030000"
    #expect(Hex.encode(execution.encoded()) == hex)
    #expect(try ExecutionRecord(payload: try #require(Hex.decode(hex))) == execution)
  }

  @Test("The document has every kind with its number and limit, and the bounds of what a message holds")
  func document() throws {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../Documentation/formats-peers.md").standardized
    let text = try String(contentsOf: url, encoding: .utf8)
    let start = try #require(text.range(of: "### Frames of the replica"))
    var limits: [UInt8: Int] = [:]
    for line in text[start.upperBound...].split(separator: "\n") where line.hasPrefix("| ") {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count == 4, let number = UInt8(cells[0]) else { continue }
      limits[number] = Int(cells[3].replacingOccurrences(of: ",", with: ""))
    }
    #expect(limits == Dictionary(uniqueKeysWithValues: PeerMessage.Kind.allCases.map { ($0.rawValue, $0.limit) }))
    let bounds = [
      "at most \(Limits.offeredTransactions); each: length", "of blocks, 1 to \(Limits.syncBlocks) |",
      "of headers, at most \(Limits.syncHeaders) |", "at most \(Limits.headerBytes); header",
      "\(Limits.peerChecks) checks of signatures",
    ]
    for bound in bounds { #expect(text.contains(bound), "\(bound)") }
  }
}
