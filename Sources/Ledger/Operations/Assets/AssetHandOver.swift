internal import Primitives

/// Makes another member the issuer of an asset. Requires the present issuer, with any roles, and the new one.
@frozen
public struct AssetHandOver: Hashable, Sendable, BitwiseCopyable {
  public var asset: Name
  /// The new issuer.
  public var to: Name
}

extension Operation {
  public static func assetHandOver(asset: Name, to: Name) -> Operation {
    .assetHandOver(AssetHandOver(asset: asset, to: to))
  }
}

extension AssetHandOver: LedgerOperation, LedgerOperationView {
  typealias View = AssetHandOver

  func encode(into writer: inout Writer) {
    asset.encode(into: &writer)
    to.encode(into: &writer)
  }

  init(from reader: inout Reader) throws(CodecError) {
    asset = try Name(from: &reader, "asset")
    to = try Name(from: &reader, "to")
  }

  var requiredAuthority: RequiredAuthority { .issuerAndMember(issuerOf: asset, to) }
  // What requires the issuer requires another member from now on.
  static var changesAuthority: Bool { false }
  var touched: TouchedEntries { .none }

  func apply(to state: inout LedgerState, _ buffer: RawSpan) -> OutcomeCode {
    guard let unit = state.assets.slot(of: asset) else { return .assetUnknown }
    guard let next = state.members.slot(of: to) else { return .memberUnknown }
    let issuer = state.assets.rows[Int(unit)].issuer
    guard !state.isSuspended(issuer), !state.isSuspended(next) else { return .memberSuspended }
    guard state.signers.contains(issuer), state.signers.contains(next) else { return .authorityMissing }
    guard state.has(next, .issuer) else { return .roleMissing }
    guard next != issuer else { return .assetSameIssuer }
    state.assets.change(unit) {
      $0.asset.issuer = to
      $0.issuer = next
    }
    return .applied
  }
}
