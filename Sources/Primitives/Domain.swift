/// The first eight bytes of everything that is hashed or signed: its kind and version.
///
/// No two kinds share a tag, so bytes made for one purpose can never be taken for another (attack E6).
/// The exceptions are the leaf and node prefixes of the RFC 6962 trees, whose roots are bound by a tagged
/// header.
public enum Domain: String, CaseIterable, Sendable {
  case genesis = "rb.gen.1"
  case transactionIdentity = "rb.txi.1"
  case transactionSignature = "rb.txs.1"
  case blockHeader = "rb.blk.1"
  case blockResult = "rb.res.1"
  case stateKey = "rb.key.1"
  case stateValue = "rb.val.1"
  case stateLeaf = "rb.mlf.1"
  case stateNode = "rb.mnd.1"
  case notarize = "rb.not.1"
  case nullify = "rb.nul.1"
  case finalize = "rb.fin.1"

  /// The tag's eight ASCII bytes.
  public var bytes: [UInt8] { Array(rawValue.utf8) }

  /// The tag as one little-endian word, so that writing it as an integer writes its bytes.
  public var word: UInt64 {
    var word: UInt64 = 0
    for (index, byte) in rawValue.utf8.enumerated() { word |= UInt64(byte) << UInt64(8 * index) }
    return word
  }
}
