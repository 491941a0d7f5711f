package import Ledger

/// A state, and what proves it if it is not that after genesis.
package struct LoadedState: ~Copyable {
  package var ledger: LedgerState
  package var proof: CertifiedBlock?

  package init(ledger: consuming LedgerState, proof: CertifiedBlock?) {
    self.ledger = ledger
    self.proof = proof
  }
}
