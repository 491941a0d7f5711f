internal import Ledger
internal import Primitives

/// A range whose links have been checked, while the signatures of its certificate are being verified.
struct VerifiedRange {
  var blocks: [Block]
  var finalization: Certificate
  /// The digest of the last block's result, as stated by the certificate or the next header.
  var lastResult: Digest
  /// The height of the block that the certificate is about.
  var certifiedHeight: Height
  /// Whether the certificate is about the last block itself.
  var isLastCertified: Bool
  /// Whether nothing below the newest known finalization is missing any more.
  var reachesTarget: Bool
  var answer: RangeAnswer

  /// Whether a correct peer could not have given more at once.
  var isFull: Bool {
    reachesTarget || blocks.count >= Limits.syncBlocks
      || blocks.reduce(0) { $0 + $1.bytes.count } + Limits.blockBytes > Limits.syncBytes
  }
}
