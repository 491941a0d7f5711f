import Ledger

extension AssetCap: DescribedOperation {
  func text(decimals: UInt8?) -> String {
    "\(cap.text(of: asset, decimals: decimals))"
  }

  var details: OperationDetails { .units(cap) }
}

extension AssetHandOver: DescribedOperation {
  func text(decimals: UInt8?) -> String {
    "\(asset) to \(to)"
  }

  var details: OperationDetails { [] }
}

extension AssetFreeze: DescribedOperation {
  func text(decimals: UInt8?) -> String {
    "\(asset)"
  }

  var details: OperationDetails { [] }
}

extension AssetUnfreeze: DescribedOperation {
  func text(decimals: UInt8?) -> String {
    "\(asset)"
  }

  var details: OperationDetails { [] }
}
