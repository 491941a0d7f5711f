package import Ledger

extension AssetCap: DescribedOperation {
  package func text(decimals: UInt8?) -> String {
    "\(cap.text(of: asset, decimals: decimals))"
  }

  package var details: OperationDetails { .units(cap) }
}

extension AssetHandOver: DescribedOperation {
  package func text(decimals: UInt8?) -> String {
    "\(asset) to \(to)"
  }

  package var details: OperationDetails { [] }
}

extension AssetFreeze: DescribedOperation {
  package func text(decimals: UInt8?) -> String {
    "\(asset)"
  }

  package var details: OperationDetails { [] }
}

extension AssetUnfreeze: DescribedOperation {
  package func text(decimals: UInt8?) -> String {
    "\(asset)"
  }

  package var details: OperationDetails { [] }
}
