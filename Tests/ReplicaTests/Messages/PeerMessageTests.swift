import Ledger
import Primitives
import TestHarness
import Testing

@testable import Replica

@Testing.Suite("Messages between peers")
struct PeerMessageTests {
  @Test("every message survives encoding and decoding, within the limit of its kind")
  func roundTrips() throws {
    for message in try HostileMessagesTests.samples(try ReplicaHarness()) {
      let bytes = message.encoded()
      #expect(try PeerMessage(bytes) == message)
      #expect(bytes.first == message.kind.rawValue)
      #expect(bytes.count <= message.kind.limit)
    }
  }

  @Test("every kind has a sample here, and its number never changes")
  func kinds() throws {
    let samples = Set(try HostileMessagesTests.samples(try ReplicaHarness()).map(\.kind))
    #expect(samples == Set(PeerMessage.Kind.allCases))
    #expect(PeerMessage.Kind.allCases.map(\.rawValue) == Array(1...18))
    #expect(PeerMessage.Kind.allCases.allSatisfy { $0.limit <= Limits.frameBytes })
  }

  @Test("N2: counts and lengths beyond their limit are refused before anything is allocated")
  func lengthBombs() throws {
    var writer = Writer()
    writer.byte(PeerMessage.Kind.transactions.rawValue)
    writer.integer(UInt32.max)
    #expect(throws: CodecError.self) { try PeerMessage(writer.bytes) }
    writer.reset()
    writer.byte(PeerMessage.Kind.block.rawValue)
    writer.integer(UInt32(Limits.blockBytes + 1))
    #expect(throws: CodecError.self) { try PeerMessage(writer.bytes) }
    writer.reset()
    writer.byte(PeerMessage.Kind.range.rawValue)
    writer.integer(UInt32(Limits.syncBlocks + 1))
    #expect(throws: CodecError.self) { try PeerMessage(writer.bytes) }
    for count in [UInt32(1), UInt32(Limits.offeredTransactions)] {
      writer.reset()
      writer.byte(PeerMessage.Kind.transactions.rawValue)
      writer.integer(count)
      writer.integer(UInt32(Limits.transactionBytes))
      #expect(throws: CodecError.self) { try PeerMessage(writer.bytes) }
    }
  }

  @Test("a proposal carries a notarize, a range a finalization and a block")
  func wrongParts() throws {
    let harness = try ReplicaHarness()
    let block = harness.block()
    let nullify = try harness.vote(harness.nullify(1), by: 1)
    #expect(throws: CodecError.invalid(field: "proposal's vote")) {
      try PeerMessage(PeerMessage.proposal(nullify, block: block.bytes).encoded())
    }
    let nullification = try harness.certificate(harness.nullify(1), by: [1, 2, 3])
    let range = BlockRange(blocks: [block.bytes], headers: [], finalization: nullification)
    #expect(throws: CodecError.invalid(field: "certificate of a range")) {
      try PeerMessage(PeerMessage.range(range).encoded())
    }
    let proposal = harness.proposal(block, view: 1)
    let finalization = try harness.certificate(.finalize(proposal, result: .zero), by: [1, 2, 3])
    let empty = BlockRange(blocks: [], headers: [], finalization: finalization)
    #expect(throws: CodecError.invalid(field: "blocks of a range")) {
      try PeerMessage(PeerMessage.range(empty).encoded())
    }
  }
}
