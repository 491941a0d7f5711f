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
}
