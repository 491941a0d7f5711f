import Cryptography
import Primitives
import Testing

@testable import Ledger

@Testing.Suite("Closings: from the validators of genesis to those of a later epoch")
struct ClosingsTests {
  /// The receipt of the vectors that lies two epochs above genesis.
  private struct Vectors {
    var genesis: Genesis
    var receipt: Receipt

    init(_ suite: Primitives.Suite) throws {
      let file = try VectorFile(suite)
      genesis = try Genesis(bytes: try file["genesis"])
      var hash = HashFunction(suite)
      receipt = try Receipt(bytes: try file["receipt.after"], chain: genesis.chain, hash: &hash)
    }

    /// The checkpoint of an epoch, as operators would announce it.
    func checkpoint(_ epoch: UInt64) -> Checkpoint {
      var hash = HashFunction(genesis.suite)
      return Checkpoint(
        epoch: Epoch(epoch), result: receipt.closings.list[Int(epoch) - 1].result.digest(hash: &hash))
    }
  }

  private func refuse(
    _ vectors: Vectors, _ code: String, checkpoint: Checkpoint? = nil, _ change: (inout Receipt) -> Void
  ) {
    var receipt = vectors.receipt
    change(&receipt)
    let error = #expect(throws: ReceiptError.self) {
      try receipt.verify(genesis: vectors.genesis, checkpoint: checkpoint)
    }
    #expect(error?.code == code)
    #expect(error?.explanation.isEmpty == false && error?.nextStep.isEmpty == false)
  }

  @Test("V7: a receipt of a later epoch is valid with genesis and the closings before it", arguments: Suite.allCases)
  func valid(suite: Primitives.Suite) throws {
    let vectors = try Vectors(suite)
    let proved = try vectors.receipt.verify(genesis: vectors.genesis)
    #expect(proved.round == Round(epoch: Epoch(2), view: View(5)))
    #expect(proved.height == Height(12))
    // Epoch 2 has three validators, of which all three must sign, in another order than genesis has them.
    #expect(proved.signers.count == 3 && !proved.isBelowCheckpoint)
  }

  @Test(
    "V7: closings left out, repeated, in another order, or of another epoch prove nothing", arguments: Suite.allCases)
  func sequence(suite: Primitives.Suite) throws {
    let vectors = try Vectors(suite)
    refuse(vectors, "receipt.unknown-epoch") { $0.closings.list.removeLast() }
    refuse(vectors, "receipt.unknown-epoch") { $0.closings.list = [] }
    refuse(vectors, "closing.not-closing") { $0.closings.list.removeFirst() }
    refuse(vectors, "closing.not-closing") { $0.closings.list.swapAt(0, 1) }
    refuse(vectors, "closing.not-closing") { $0.closings.list.insert($0.closings.list[0], at: 0) }
    refuse(vectors, "closing.not-closing") { $0.closings.list.append($0.closings.list[1]) }
    refuse(vectors, "closing.unknown-first-epoch") { $0.closings.first = Epoch(1) }
    refuse(vectors, "closing.unknown-first-epoch") { receipt in
      receipt.closings = Closings([receipt.closings.list[1]], first: Epoch(1))
    }
    refuse(vectors, "closing.unknown-first-epoch") { $0.closings.first = Epoch(.max) }
  }

  @Test("V7: every part of a closing counts", arguments: Suite.allCases)
  func parts(suite: Primitives.Suite) throws {
    let vectors = try Vectors(suite)
    for index in 0...1 {
      func bend(_ code: String, _ change: (inout Closing) -> Void) {
        refuse(vectors, code) { change(&$0.closings.list[index]) }
      }
      bend("closing.not-closing") { $0.result.above?.epoch = Epoch(7) }
      bend("closing.not-closing") { $0.result.above = nil }
      bend("closing.other-configuration") { $0.result.above?.configuration = .zero }
      bend("closing.other-configuration") { $0.configuration.leaderTimeoutMilliseconds += 1 }
      bend("closing.other-configuration") { $0.configuration.validators.removeLast() }
      bend("closing.other-configuration") { $0.configuration.validators.swapAt(0, 1) }
      bend("closing.certificate-of-other-block") { $0.result.stateRoot = .zero }
      bend("closing.certificate-of-other-block") { $0.result.block = .zero }
      bend("closing.signers") {
        $0.certificate.signers.removeLast()
        $0.certificate.signatures.removeLast()
      }
      bend("closing.signers") { $0.certificate.signers.swapAt(0, 1) }
      bend("closing.invalid-signature") { $0.certificate.signatures.swapAt(0, 1) }
      bend("closing.not-final") {
        $0.certificate.statement = .nullify(epoch: $0.certificate.round.epoch, view: $0.certificate.view)
      }
      bend("closing.other-epoch") {
        guard case .finalize(var proposal, let result) = $0.certificate.statement else { return }
        proposal.epoch = Epoch(9)
        $0.certificate.statement = .finalize(proposal, result: result)
      }
    }
    refuse(vectors, "closing.height") { $0.closings.list[1].result.height = Height(3) }
    refuse(vectors, "receipt.height-of-other-epoch") { receipt in
      receipt.header.height = Height(9)
    }
  }

  @Test("V2: the validators of one epoch cannot sign for another", arguments: Suite.allCases)
  func otherEpoch(suite: Primitives.Suite) throws {
    let vectors = try Vectors(suite)
    let first = vectors.receipt.closings.list[0]
    let file = try VectorFile(suite)
    var hash = HashFunction(suite)
    // A receipt of epoch 0 with the closings of later epochs, and the certificate of a closing in place of the other's.
    let old = try Receipt(bytes: try file["receipt.3"], chain: vectors.genesis.chain, hash: &hash)
    refuse(vectors, "receipt.unknown-epoch") { receipt in
      guard case .finalize(var proposal, let result) = receipt.certificate.statement else { return }
      proposal.epoch = .first
      receipt.certificate.statement = .finalize(proposal, result: result)
    }
    refuse(vectors, "closing.certificate-of-other-block") { $0.closings.list[1].certificate = first.certificate }
    var late = old
    late.closings = vectors.receipt.closings
    #expect(throws: ReceiptError.heightOfOtherEpoch(Height(3), above: Height(9))) {
      try late.verify(genesis: vectors.genesis)
    }
  }

  @Test("E4: no byte of closings can be changed so that a receipt still proves anything", arguments: Suite.allCases)
  func bytes(suite: Primitives.Suite) throws {
    let vectors = try Vectors(suite)
    let bytes = vectors.receipt.bytes(vectors.genesis.chain)
    var writer = Writer()
    vectors.receipt.closings.encode(into: &writer)
    var hash = HashFunction(suite)
    for place in bytes.count - writer.count..<bytes.count {
      var other = bytes
      other[place] ^= 1 << UInt8(place % 8)
      #expect(throws: ReceiptError.self, "byte \(place)") {
        try Receipt(bytes: other, chain: vectors.genesis.chain, hash: &hash).verify(genesis: vectors.genesis)
      }
    }
    #expect(throws: ReceiptError.encoding(.trailingBytes(offset: bytes.count, count: 1))) {
      try Receipt(bytes: bytes + [0], chain: vectors.genesis.chain, hash: &hash)
    }
  }

  @Test("With a checkpoint, keys of the epochs before it are not relied on", arguments: Suite.allCases)
  func checkpoint(suite: Primitives.Suite) throws {
    let vectors = try Vectors(suite)
    for epoch in 1...2 as ClosedRange<UInt64> {
      let checkpoint = vectors.checkpoint(epoch)
      #expect(Checkpoint("\(checkpoint)") == checkpoint)
      var receipt = vectors.receipt
      #expect(try receipt.verify(genesis: vectors.genesis, checkpoint: checkpoint).isBelowCheckpoint == false)
      // What comes before the checkpoint may be anything, and may be left out.
      for index in 0..<Int(epoch) { receipt.closings.list[index].certificate.signatures.swapAt(0, 1) }
      #expect(throws: Never.self) { try receipt.verify(genesis: vectors.genesis, checkpoint: checkpoint) }
      #expect(throws: ReceiptError.self) { try receipt.verify(genesis: vectors.genesis) }
      receipt.closings = Closings(
        Array(receipt.closings.list.suffix(from: Int(epoch) - 1)), first: Epoch(epoch - 1))
      #expect(throws: Never.self) { try receipt.verify(genesis: vectors.genesis, checkpoint: checkpoint) }
      // Another result at the checkpoint's place is a forgery, whoever signed it.
      let other = Checkpoint(epoch: Epoch(epoch), result: .zero)
      refuse(vectors, "closing.other-than-checkpoint", checkpoint: other) { _ in }
      refuse(vectors, "closing.other-configuration", checkpoint: checkpoint) {
        $0.closings.list[Int(epoch) - 1].configuration.leaderTimeoutMilliseconds += 1
      }
    }
    // What comes after the checkpoint is verified.
    refuse(vectors, "closing.invalid-signature", checkpoint: vectors.checkpoint(1)) {
      $0.closings.list[1].certificate.signatures.swapAt(0, 1)
    }
    let later = Checkpoint(epoch: Epoch(3), result: .zero)
    #expect(try vectors.receipt.verify(genesis: vectors.genesis, checkpoint: later).isBelowCheckpoint)
    for text in ["", "1", "1:", "0:\(Digest.zero)", "01:\(Digest.zero)", "1:\(Digest.zero)0", "+1:\(Digest.zero)"] {
      #expect(Checkpoint(text) == nil, "\(text)")
    }
  }

  @Test("Closings that are too many or too long are refused before they are read")
  func limits() throws {
    var writer = Writer()
    writer.integer(UInt64(0))
    writer.count(Limits.closings + 1)
    #expect(throws: CodecError.self) {
      try Reader.whole(writer.bytes) { (reader) throws(CodecError) in try Closings(from: &reader) }
    }
    let vectors = try Vectors(.p256SHA256)
    var long = vectors.receipt.closings
    var large = long.list[0]
    large.configuration.validators = try (0..<Limits.validators).map { number in
      ConfiguredValidator(
        name: try #require(Name("v\(number)")), member: large.configuration.validators[0].member,
        voteKey: PublicKey(prefix: 2, body: Digest(UInt64(number), 0, 0, 0)))
    }
    long.list = Array(repeating: large, count: 400)
    writer.reset()
    long.encode(into: &writer)
    #expect(writer.count > Limits.closingBytes)
    let error = #expect(throws: CodecError.self) {
      try Reader.whole(writer.bytes) { (reader) throws(CodecError) in try Closings(from: &reader) }
    }
    guard case .tooLong = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
