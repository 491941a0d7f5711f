import Cryptography
import Primitives
import Testing

@testable import Ledger

@Suite("Receipts and the validators they are checked against")
struct ReceiptValidatorsTests {
  private let genesis: Genesis
  private let receipt: Receipt

  init() throws {
    let file = try VectorFile(.p256SHA256)
    genesis = try Genesis(bytes: try file["genesis"])
    var hash = HashFunction(genesis.suite)
    receipt = try Receipt(bytes: try file["receipt.1"], chain: genesis.chain, hash: &hash)
  }

  private func set(epoch: Epoch = .first, _ change: (inout [Validator]) -> Void = { _ in }) -> ValidatorSet {
    var validators = genesis.validatorSet.validators
    change(&validators)
    return ValidatorSet(epoch: epoch, validators: validators)
  }

  @Test("the set of genesis has its validators, in their order")
  func genesisSet() {
    let set = genesis.validatorSet
    #expect(set.epoch == .first)
    #expect(set.validators.map(\.name) == genesis.validators.map { "\($0.name)" })
    #expect(set.validators.map(\.voteKey) == genesis.validators.map(\.voteKey))
  }

  @Test("a receipt verifies against the set of genesis, however that is given")
  func holds() throws {
    let proved = try receipt.verify(genesis: genesis)
    #expect(proved.height == Height(1))
    #expect(throws: Never.self) { try receipt.certifiedBlock.verify(genesis.chain, validators: set()) }
    #expect(proved.signers == ["node1", "node3", "node4"])
  }

  @Test(
    "the same keys in another epoch prove nothing, and a certificate cannot claim another epoch than it was signed for")
  func otherEpoch() {
    #expect(throws: ReceiptError.unknownEpoch(.first)) {
      try receipt.certifiedBlock.verify(genesis.chain, validators: set(epoch: Epoch(1)))
    }
    var moved = receipt
    guard case .finalize(var proposal, let result) = receipt.certificate.statement else {
      Issue.record("receipt.1 has no finalization")
      return
    }
    proposal.epoch = Epoch(1)
    moved.certificate.statement = .finalize(proposal, result: result)
    #expect(throws: ReceiptError.unknownEpoch(Epoch(1))) { try moved.verify(genesis: genesis) }
    #expect(throws: ReceiptError.signature(ValidatorIndex(0))) {
      try moved.certifiedBlock.verify(genesis.chain, validators: set(epoch: Epoch(1)))
    }
  }

  @Test("keys, order and size of the set all count")
  func otherSet() {
    // Of four validators, 0, 2 and 3 signed.
    #expect(throws: ReceiptError.signature(ValidatorIndex(2))) {
      try receipt.certifiedBlock.verify(genesis.chain, validators: set { $0.swapAt(1, 2) })
    }
    #expect(throws: ReceiptError.signature(ValidatorIndex(3))) {
      try receipt.certifiedBlock.verify(genesis.chain, validators: set { $0[3].voteKey = $0[1].voteKey })
    }
    #expect(throws: ReceiptError.signers(count: 3, quorum: 3, validators: 3)) {
      try receipt.certifiedBlock.verify(genesis.chain, validators: set { $0.removeLast() })
    }
    #expect(throws: ReceiptError.signers(count: 3, quorum: 4, validators: 5)) {
      try receipt.certifiedBlock.verify(genesis.chain, validators: set { $0.append($0[0]) })
    }
  }

  @Test("a genesis without validators, put together in memory, verifies nothing")
  func noValidators() {
    var empty = genesis
    empty.validators = []
    #expect(throws: ReceiptError.self) { try receipt.verify(genesis: empty) }
    var hash = HashFunction(genesis.suite)
    #expect(throws: ClosingsError.unknownFirst(.first)) { try Closings().verify(genesis: empty, hash: &hash) }
  }
}
