/// The reason why the 33 bytes of a public key were refused.
public enum PublicKeyFault: Hashable, Sendable {
  /// The suite does not use this first byte.
  case prefix
  /// A second encoding of a point: a coordinate is not below the field's prime.
  case notCanonical
  /// No point of the curve has these coordinates.
  case notOnCurve
  /// The point is of small order (Ed25519), so signatures under this key prove nothing.
  case smallOrder
}
