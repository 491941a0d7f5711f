/// What is wrong with the 33 bytes of a public key.
public enum PublicKeyFault: Hashable, Sendable {
  /// The first byte is not one that the suite uses.
  case prefix
  /// A second encoding of a point: a coordinate that is not below the field's prime.
  case notCanonical
  /// No point of the curve has these coordinates.
  case notOnCurve
  /// A point of small order (Ed25519): signatures by it prove nothing.
  case smallOrder
}
