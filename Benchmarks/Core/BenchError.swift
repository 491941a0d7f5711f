/// What a benchmark finds wrong with its own run: its figures would mean nothing.
struct BenchError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
