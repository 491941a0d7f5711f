package import Primitives

/// Why a stored range could not be read back.
package enum RangeAssemblyError<Failure: Error>: Error {
  case unreadable(Failure)
  case malformed(CodecError)
}
