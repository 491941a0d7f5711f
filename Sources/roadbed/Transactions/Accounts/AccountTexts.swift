import Ledger

extension AccountOpen: DescribedOperation {
  func text(decimals: UInt8?) -> String {
    "\(account)"
  }

  var details: OperationDetails { .text("description", description) }
}

extension AccountFreeze: DescribedOperation {
  func text(decimals: UInt8?) -> String {
    "\(account)"
  }

  var details: OperationDetails { [] }
}

extension AccountUnfreeze: DescribedOperation {
  func text(decimals: UInt8?) -> String {
    "\(account)"
  }

  var details: OperationDetails { [] }
}

extension AccountClose: DescribedOperation {
  func text(decimals: UInt8?) -> String {
    "\(account)"
  }

  var details: OperationDetails { [] }
}
