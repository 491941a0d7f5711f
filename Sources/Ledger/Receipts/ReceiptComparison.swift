internal import Cryptography
public import Primitives

/// What two receipts of one chain say about each other.
///
/// A receipt proves its block, that block's result, and the blocks above it up to the one that its certificate names. If two
/// valid receipts prove different blocks or results of one height, the chain has forked, which more than f faulty
/// validators alone can bring about.
public enum ReceiptComparison: Hashable, Sendable {
  /// Both contain the same blocks wherever they speak about the same heights, the first of which is given.
  case agree(from: Height)
  /// They speak about no common height, so neither contradicts the other.
  case apart
  /// Different blocks of the same height are final.
  case blocksDiffer(Height, first: Digest, second: Digest)
  /// The same block is final with different results.
  case resultsDiffer(Height, first: Digest, second: Digest)

  /// Whether the receipts prove that the chain has forked.
  public var isFork: Bool {
    switch self {
    case .agree, .apart: false
    case .blocksDiffer, .resultsDiffer: true
    }
  }

  /// Compares two receipts that were verified against the same genesis.
  public init(_ first: Receipt, _ second: Receipt, _ chain: ChainContext) {
    var hash = HashFunction(chain.suite)
    let (one, other) = (
      ProvedBlocks(first.certifiedBlock, chain, &hash), ProvedBlocks(second.certifiedBlock, chain, &hash)
    )
    let common = max(one.first, other.first)
    guard common <= min(one.last, other.last) else {
      self = .apart
      return
    }
    // Each block names its parent, so chains that meet again were never apart; the first difference comes first.
    for height in common.rawValue...min(one.last, other.last).rawValue {
      let height = Height(height)
      let (left, right) = (one.block(at: height), other.block(at: height))
      guard left == right else {
        self = .blocksDiffer(height, first: left, second: right)
        return
      }
      if let left = one.result(at: height), let right = other.result(at: height), left != right {
        self = .resultsDiffer(height, first: left, second: right)
        return
      }
    }
    self = .agree(from: common)
  }

  /// The names of the validators that signed both certificates. If the receipts prove a fork in one epoch, these are at
  /// least f + 1.
  public static func commonSigners(_ first: VerifiedReceipt, _ second: VerifiedReceipt) -> [String] {
    first.signers.filter { second.signers.contains($0) }
  }
}

/// The blocks and results that a certified block proves, by height.
private struct ProvedBlocks {
  let first: Height
  private var blocks: [Digest] = []
  /// The results of the blocks from `first` on: each header names that of its parent, and the certificate that of the
  /// last block.
  private var results: [Digest] = []

  init(_ proof: CertifiedBlock, _ chain: ChainContext, _ hash: inout HashFunction) {
    first = proof.header.height
    blocks.append(proof.header.digest(chain, hash: &hash))
    for header in proof.descendants {
      results.append(header.parentResult)
      blocks.append(header.digest(chain, hash: &hash))
    }
    if case .finalize(_, let result) = proof.certificate.statement { results.append(result) }
  }

  var last: Height { Height(first.rawValue + UInt64(blocks.count) - 1) }

  func block(at height: Height) -> Digest { blocks[Int(height.rawValue - first.rawValue)] }

  func result(at height: Height) -> Digest? {
    let place = Int(height.rawValue - first.rawValue)
    return place < results.count ? results[place] : nil
  }
}
