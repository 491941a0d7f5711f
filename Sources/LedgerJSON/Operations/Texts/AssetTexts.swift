package import Ledger

extension AssetDefine: DescribedOperation {
  package func text(decimals: UInt8?) -> String {
    "\(asset) by \(issuer), \(self.decimals) decimals"
  }

  package var details: OperationDetails { .text("description", description) }
}

extension AssetIssue: DescribedOperation {
  package func text(decimals: UInt8?) -> String {
    "\(amount.text(of: asset, decimals: decimals)) to \(to)"
  }

  package var details: OperationDetails { .units(amount) }
}

extension AssetRetire: DescribedOperation {
  package func text(decimals: UInt8?) -> String {
    "\(amount.text(of: asset, decimals: decimals)) from \(from)"
  }

  package var details: OperationDetails { .units(amount) }
}

extension AssetTransfer: DescribedOperation {
  package func text(decimals: UInt8?) -> String {
    let text = PlainMemo.text(memo)
    return "\(amount.text(of: asset, decimals: decimals)) from \(from) to \(to)\(text.isEmpty ? "" : ": \(text)")"
  }

  package var details: OperationDetails { .units(amount) }
}

extension OperationDetails {
  /// What is signed; how many decimals an asset has is only what a node says.
  package static func units(_ amount: Amount) -> Self { [("units", "\(amount)")] }
}

extension Amount {
  /// The amount as people write it, or in smallest units if the asset's decimals are unknown.
  package func text(of asset: Name, decimals: UInt8?) -> String {
    guard let decimals else { return "\(self) units of \(asset)" }
    return "\(text(decimals: Int(decimals))) \(asset)"
  }
}
