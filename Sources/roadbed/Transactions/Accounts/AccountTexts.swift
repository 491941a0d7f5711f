import Ledger

extension AccountOpen: DescribedOperation {
  func text(decimals: UInt8?) -> String {
    "\(account)"
  }
}

extension AccountFreeze: DescribedOperation {
  func text(decimals: UInt8?) -> String {
    "\(account)"
  }
}

extension AccountUnfreeze: DescribedOperation {
  func text(decimals: UInt8?) -> String {
    "\(account)"
  }
}
