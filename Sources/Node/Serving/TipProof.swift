package import Ledger

/// What the newest executed block leaves under a key. That block need not be final yet.
package struct TipProof: Sendable {
  package let point: ChainPoint
  package let proof: StateProof
}
