package import Ledger
package import Primitives

/// Headers and results of consecutive heights, with the finalization of the last one.
package struct FinalityProof: Sendable {
  package struct Link: Sendable {
    package var header: BlockHeader
    package var result: BlockResult
  }

  package var links: [Link]
  package var finalization: Certificate
}
