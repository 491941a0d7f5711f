/// The first eight bytes of everything that is hashed or signed, which tell its kind and version.
///
/// No two kinds share a tag, so bytes made for one purpose can never be mistaken for another (attack E6). The
/// exceptions are the leaf and node prefixes of the RFC 6962 trees, whose roots are bound by a tagged header.
public struct Domain: Hashable, Sendable {
  /// Eight ASCII characters.
  public let rawValue: String
  /// The tag as one little-endian word, so that writing it as an integer writes its bytes. Stored rather than
  /// computed, because nearly every hash begins with a tag.
  public let word: UInt64

  private init(_ tag: String) {
    rawValue = tag
    word = tag.utf8.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  public static let genesis = Domain("rb.gen.1")
  public static let transactionIdentity = Domain("rb.txi.1")
  public static let transactionSignature = Domain("rb.txs.1")
  public static let keyProof = Domain("rb.pop.1")
  public static let blockHeader = Domain("rb.blk.1")
  /// The result of a block in a chain of genesis version 1 or 2, which has no epochs.
  public static let blockResultWithoutEpoch = Domain("rb.res.1")
  public static let blockResult = Domain("rb.res.2")
  public static let configuration = Domain("rb.cfg.1")
  public static let recordVersion = Domain("rb.rec.1")
  public static let stateKey = Domain("rb.key.1")
  public static let stateValue = Domain("rb.val.1")
  public static let stateLeaf = Domain("rb.mlf.1")
  public static let stateNode = Domain("rb.mnd.1")
  public static let notarize = Domain("rb.not.1")
  public static let nullify = Domain("rb.nul.1")
  public static let finalize = Domain("rb.fin.1")

  public static let allCases: [Domain] = [
    .genesis, .transactionIdentity, .transactionSignature, .keyProof, .blockHeader, .blockResultWithoutEpoch,
    .blockResult, .configuration, .recordVersion, .stateKey, .stateValue, .stateLeaf, .stateNode, .notarize, .nullify,
    .finalize,
  ]
}
