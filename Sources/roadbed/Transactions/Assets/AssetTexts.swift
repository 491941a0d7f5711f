import Ledger

extension AssetDefine: DescribedOperation {
  func text(decimals: UInt8?) -> String {
    "\(asset) by \(issuer), \(self.decimals) decimals"
  }
}

extension AssetIssue: DescribedOperation {
  func text(decimals: UInt8?) -> String {
    "\(amount.text(of: asset, decimals: decimals)) to \(to)"
  }
}

extension AssetRetire: DescribedOperation {
  func text(decimals: UInt8?) -> String {
    "\(amount.text(of: asset, decimals: decimals)) from \(from)"
  }
}

extension AssetTransfer: DescribedOperation {
  func text(decimals: UInt8?) -> String {
    let text = PlainMemo.text(memo)
    return "\(amount.text(of: asset, decimals: decimals)) from \(from) to \(to)\(text.isEmpty ? "" : ": \(text)")"
  }
}

extension Amount {
  /// The amount as people write it, or in smallest units if the asset's decimals are unknown.
  fileprivate func text(of asset: Name, decimals: UInt8?) -> String {
    guard let decimals else { return "\(self) units of \(asset)" }
    return "\(text(decimals: Int(decimals))) \(asset)"
  }
}
