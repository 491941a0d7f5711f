internal import Primitives

/// Sets the most units that may ever exist at once. A cap can only be lowered. Requires the asset's issuer.
@frozen
public struct AssetCap: Hashable, Sendable, BitwiseCopyable {
  public var asset: Name
  public var cap: Amount
}

extension Operation {
  public static func assetCap(asset: Name, cap: Amount) -> Operation { .assetCap(AssetCap(asset: asset, cap: cap)) }
}

extension AssetCap: LedgerOperation, LedgerOperationView {
  typealias View = AssetCap

  func encode(into writer: inout Writer) {
    asset.encode(into: &writer)
    cap.encode(into: &writer)
  }

  init(from reader: inout Reader) throws(CodecError) {
    asset = try Name(from: &reader, "asset")
    cap = try AssetTerms.cap(&reader)
  }

  var requiredAuthority: RequiredAuthority { .issuer(of: asset) }
  static var changesAuthority: Bool { false }
  var touched: TouchedEntries { TouchedEntries(movedAsset: asset) }

  func apply(to state: inout LedgerState, _ buffer: RawSpan) -> OutcomeCode {
    guard let unit = state.assets.slot(of: asset) else { return .assetUnknown }
    let fault = state.issuerFault(unit)
    guard fault == .applied else { return fault }
    let row = state.assets.rows[Int(unit)]
    guard row.terms.cap.map({ cap < $0 }) ?? true else { return .assetCapNotLower }
    guard cap >= row.asset.supply else { return .assetCapBelowSupply }
    state.assets.change(unit) { $0.terms.cap = cap }
    return .applied
  }
}
