internal import Primitives

/// Stops all use of an asset: its units can neither move nor be issued, retired, set aside or captured. Open holds can still
/// be released, and expire. Requires the administrators.
@frozen
public struct AssetFreeze: Hashable, Sendable, BitwiseCopyable {
  public var asset: Name
}

extension Operation {
  public static func assetFreeze(asset: Name) -> Operation { .assetFreeze(AssetFreeze(asset: asset)) }
}

extension AssetFreeze: LedgerOperation, LedgerOperationView {
  typealias View = AssetFreeze

  func encode(into writer: inout Writer) { asset.encode(into: &writer) }

  init(from reader: inout Reader) throws(CodecError) { asset = try Name(from: &reader, "asset") }

  var requiredAuthority: RequiredAuthority { .administrators }
  static var changesAuthority: Bool { false }
  var touched: TouchedEntries { .none }

  func apply(to state: inout LedgerState, _ buffer: RawSpan) -> OutcomeCode { state.setFrozen(asset: asset, true) }
}
