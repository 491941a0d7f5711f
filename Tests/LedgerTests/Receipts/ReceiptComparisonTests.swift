import Cryptography
import Primitives
import Testing

@testable import Ledger

@Suite("What two receipts say about each other")
struct ReceiptComparisonTests {
  private let genesis: Genesis
  private let chain: ChainContext
  private let receipt: Receipt

  init() throws {
    let file = try VectorFile(.p256SHA256)
    genesis = try Genesis(bytes: try file["genesis"])
    chain = genesis.chain
    var hash = HashFunction(chain.suite)
    receipt = try Receipt(bytes: try file["receipt.1"], chain: chain, hash: &hash)
  }

  /// A receipt whose own block is certified, with another header or result. Only the links are genuine.
  private func altered(
    _ change: (inout BlockHeader) -> Void = { _ in }, result changeResult: (inout BlockResult) -> Void = { _ in }
  ) -> Receipt {
    var hash = HashFunction(chain.suite)
    var altered = receipt
    change(&altered.header)
    altered.descendants = []
    altered.result.height = altered.header.height
    altered.result.block = altered.header.digest(chain, hash: &hash)
    changeResult(&altered.result)
    certify(&altered, altered.result.block, altered.result.digest(hash: &hash))
    return altered
  }

  private func certify(_ receipt: inout Receipt, _ block: Digest, _ result: Digest) {
    guard case .finalize(var proposal, _) = receipt.certificate.statement else { return }
    proposal.block = block
    receipt.certificate.statement = .finalize(proposal, result: result)
  }

  /// The receipt with one more header above its block.
  private func extended(_ receipt: Receipt, _ change: (inout BlockHeader) -> Void = { _ in }) -> Receipt {
    var hash = HashFunction(chain.suite)
    var longer = receipt
    var next = receipt.header
    next.height = Height(receipt.header.height.rawValue + 1)
    next.parent = receipt.header.digest(chain, hash: &hash)
    next.parentResult = receipt.result.digest(hash: &hash)
    change(&next)
    longer.descendants = [next]
    certify(&longer, next.digest(chain, hash: &hash), Digest(7, 7, 7, 7))
    return longer
  }

  /// A receipt of the last block of `longer`.
  private func ofLast(_ longer: Receipt, _ change: (inout BlockHeader) -> Void = { _ in }) throws -> Receipt {
    var header = try #require(longer.descendants.last)
    change(&header)
    return altered { $0 = header }
  }

  private func compare(_ first: Receipt, _ second: Receipt) -> ReceiptComparison {
    let found = ReceiptComparison(first, second, chain)
    let turned = ReceiptComparison(second, first, chain)
    #expect(found.isFork == turned.isFork)
    return found
  }

  @Test("Receipts of one chain agree, whether their proofs overlap by their own blocks or by headers above")
  func agree() throws {
    let own = altered()
    #expect(compare(own, own) == .agree(from: own.header.height))
    let longer = extended(own)
    #expect(compare(own, longer) == .agree(from: own.header.height))
    let next = try #require(longer.descendants.last).height
    guard case .finalize(let proposal, _) = longer.certificate.statement else { return }
    var later = try ofLast(longer)
    later.certificate.statement = .finalize(proposal, result: Digest(7, 7, 7, 7))
    #expect(compare(longer, later) == .agree(from: next))
  }

  @Test("Receipts about different heights say nothing about each other")
  func apart() throws {
    let own = altered()
    #expect(compare(own, try ofLast(extended(own))) == .apart)
  }

  @Test("Two final blocks of one height are a fork, also if only headers above the receipts' blocks show it")
  func blocks() throws {
    var hash = HashFunction(chain.suite)
    let own = altered()
    let other = altered { $0.timestamp = Timestamp($0.timestamp.rawValue + 1) }
    #expect(
      compare(own, other)
        == .blocksDiffer(own.header.height, first: own.result.block, second: other.result.block))
    let longer = extended(own)
    let later = try ofLast(longer) { $0.timestamp = Timestamp($0.timestamp.rawValue + 1) }
    let header = try #require(longer.descendants.last)
    #expect(
      compare(longer, later)
        == .blocksDiffer(header.height, first: header.digest(chain, hash: &hash), second: later.result.block))
  }

  @Test("Two final results of one block are a fork, also if a header above one of them shows it")
  func results() throws {
    var hash = HashFunction(chain.suite)
    let own = altered()
    let other = altered(result: { $0.stateRoot = Digest(1, 1, 1, 1) })
    let digests = (own.result.digest(hash: &hash), other.result.digest(hash: &hash))
    #expect(compare(own, other) == .resultsDiffer(own.header.height, first: digests.0, second: digests.1))
    #expect(
      compare(extended(own), other) == .resultsDiffer(own.header.height, first: digests.0, second: digests.1))
  }

  @Test("Who signed both certificates is named")
  func signers() throws {
    let proved = try receipt.verify(genesis: genesis)
    #expect(ReceiptComparison.commonSigners(proved, proved) == ["node1", "node3", "node4"])
  }
}
