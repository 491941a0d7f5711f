internal import Primitives

/// Lifts the freeze of an asset. Requires the administrators.
@frozen
public struct AssetUnfreeze: Hashable, Sendable, BitwiseCopyable {
  public var asset: Name
}

extension Operation {
  public static func assetUnfreeze(asset: Name) -> Operation { .assetUnfreeze(AssetUnfreeze(asset: asset)) }
}

extension AssetUnfreeze: LedgerOperation, LedgerOperationView {
  typealias View = AssetUnfreeze

  func encode(into writer: inout Writer) { asset.encode(into: &writer) }

  init(from reader: inout Reader) throws(CodecError) { asset = try Name(from: &reader, "asset") }

  var requiredAuthority: RequiredAuthority { .administrators }
  static var changesAuthority: Bool { false }
  var touched: TouchedEntries { .none }

  func apply(to state: inout LedgerState, _ buffer: RawSpan) -> OutcomeCode { state.setFrozen(asset: asset, false) }
}
