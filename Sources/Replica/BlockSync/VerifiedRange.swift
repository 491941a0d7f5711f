internal import Ledger
internal import Primitives

/// A range whose links were checked; its certificate's signatures are being verified.
struct VerifiedRange {
  var blocks: [Block]
  var finalization: Certificate
  /// What the certificate, or the next header, says executing the last block gives.
  var lastResult: Digest
  /// The height of the block that the certificate is about.
  var certifiedHeight: Height
  /// Whether that is the last block itself.
  var isLastCertified: Bool
}
