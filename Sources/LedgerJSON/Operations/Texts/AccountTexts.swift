package import Ledger

extension AccountOpen: DescribedOperation {
  package func text(decimals: UInt8?) -> String {
    "\(account)"
  }

  package var details: OperationDetails { .text("description", description) }
}

extension AccountFreeze: DescribedOperation {
  package func text(decimals: UInt8?) -> String {
    "\(account)"
  }

  package var details: OperationDetails { [] }
}

extension AccountUnfreeze: DescribedOperation {
  package func text(decimals: UInt8?) -> String {
    "\(account)"
  }

  package var details: OperationDetails { [] }
}

extension AccountClose: DescribedOperation {
  package func text(decimals: UInt8?) -> String {
    "\(account)"
  }

  package var details: OperationDetails { [] }
}
