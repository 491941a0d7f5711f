/// A defect that a benchmark finds in its own run, which makes its figures meaningless.
struct BenchError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
