internal import Primitives

/// The settings of the chain as a whole.
public struct ChainParameters: Hashable, Sendable {
  /// The number of administrators that must act together.
  public var administratorThreshold: UInt16

  public init(administratorThreshold: UInt16) {
    self.administratorThreshold = administratorThreshold
  }
}

extension ChainParameters {
  /// Writes the value of the entry in the state.
  func encodeValue(into writer: inout Writer) { writer.integer(administratorThreshold) }

  init(valueFrom reader: inout Reader) throws(CodecError) {
    administratorThreshold = try reader.integer()
    guard administratorThreshold > 0 else { throw .invalid(field: "administrator threshold (must not be zero)") }
  }
}
