/// A step that all tables of the state take together.
enum TableStep {
  case beginTransaction
  case rollBack
  case endBlock
  case endSettledBlock
  case revertBlock
  case settle(blocks: Int, upTo: UInt64)
  case pin(height: UInt64)
  case unpin
  case finishLoading(height: UInt64)

  /// Whether rows that refer to rows of other tables are handled before those.
  @inline(__always)
  var goesBack: Bool {
    switch self {
    case .rollBack, .revertBlock: true
    case .beginTransaction, .endBlock, .endSettledBlock, .settle, .pin, .unpin, .finishLoading: false
    }
  }
}

extension VersionedTable where Row: StateRow {
  @inline(__always)
  mutating func perform(_ step: TableStep, _ derived: inout DerivedIndexes) {
    switch step {
    case .beginTransaction: beginTransaction()
    case .rollBack: rollBack { slot, row, old in Row.tookBack(slot, row, old, &derived) }
    case .endBlock: endBlock()
    case .endSettledBlock: endSettledBlock()
    case .revertBlock: revertBlock { slot, row, old in Row.tookBack(slot, row, old, &derived) }
    case .settle(let blocks, _): settle(blocks)
    case .pin: pin()
    case .unpin: unpin()
    case .finishLoading: break
    }
  }
}

extension RememberedIdentities {
  @inline(__always)
  mutating func perform(_ step: TableStep) {
    switch step {
    // Ids are added and removed with whole blocks.
    case .beginTransaction, .rollBack, .endSettledBlock: break
    case .endBlock: endBlock()
    case .revertBlock: revertBlock()
    case .settle(let blocks, let height): settle(blocks, upTo: height)
    case .pin(let height): pin(at: height)
    case .unpin: unpin()
    case .finishLoading(let height): finishLoading(at: height)
    }
  }
}
