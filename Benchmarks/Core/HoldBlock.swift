import Ledger

/// A block that places holds, and for each of its transactions the member that can capture them and how.
struct HoldBlock {
  let block: Block
  let captures: [(payee: Int, operations: [Operation])]
}
