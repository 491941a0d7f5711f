package import Ledger

/// A state, with its proof unless it is the state after genesis.
package struct LoadedState: ~Copyable {
  package var ledger: LedgerState
  package var proof: CertifiedBlock?

  package init(ledger: consuming LedgerState, proof: CertifiedBlock?) {
    self.ledger = ledger
    self.proof = proof
  }
}
