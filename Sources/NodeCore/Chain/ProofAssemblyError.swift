/// Why a proof, or what it proves, could not be read back.
package enum ProofAssemblyError<Failure: Error>: Error {
  case unreadable(Failure)
  case malformed(String)
}
