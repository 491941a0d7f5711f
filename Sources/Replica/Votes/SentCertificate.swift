internal import Primitives

/// A certificate that was put aside, with the peer that sent it.
struct SentCertificate: Equatable {
  var certificate: Certificate
  var peer: PeerID
}
