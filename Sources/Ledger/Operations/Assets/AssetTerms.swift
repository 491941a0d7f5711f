internal import Primitives

/// What limits the use of an asset beyond its definition. The state has an entry for it only if something does.
public struct AssetTerms: Hashable, Sendable {
  /// The most units that may exist at once; nil if there is no such limit.
  public var cap: Amount?
  /// Whether units can neither move nor be issued, retired, set aside or captured.
  public var isFrozen: Bool

  public init(cap: Amount? = nil, isFrozen: Bool = false) {
    self.cap = cap
    self.isFrozen = isFrozen
  }

  /// Whether nothing limits the use, so that the state has no entry.
  public var isPlain: Bool { cap == nil && !isFrozen }
}

extension AssetTerms {
  /// Writes the value of the state's entry under the asset's name.
  func encodeValue(into writer: inout Writer) {
    writer.byte(cap == nil ? 0 : 1)
    cap?.encode(into: &writer)
    writer.byte(isFrozen ? 1 : 0)
  }

  init(valueFrom reader: inout Reader) throws(CodecError) {
    cap = try reader.flag("cap flag") ? try AssetTerms.cap(&reader) : nil
    isFrozen = try reader.flag("frozen flag")
    guard !isPlain else { throw .invalid(field: "terms of an asset (must have a cap or a freeze)") }
  }

  /// Decodes a cap, which must not be zero.
  static func cap(_ reader: inout Reader) throws(CodecError) -> Amount {
    let cap = try Amount(from: &reader)
    guard cap != .zero else { throw .invalid(field: "cap (must not be zero)") }
    return cap
  }
}
