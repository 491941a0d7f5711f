internal import Primitives

/// What the chain as a whole is set to.
public struct ChainParameters: Hashable, Sendable {
  /// How many administrators must act together for administration.
  public var administratorThreshold: UInt16

  public init(administratorThreshold: UInt16) {
    self.administratorThreshold = administratorThreshold
  }
}

extension ChainParameters {
  /// The value of the state's entry.
  func encodeValue(into writer: inout Writer) { writer.integer(administratorThreshold) }

  init(valueFrom reader: inout Reader) throws(CodecError) {
    administratorThreshold = try reader.integer()
    guard administratorThreshold > 0 else { throw .invalid(field: "administrator threshold (must not be zero)") }
  }
}
