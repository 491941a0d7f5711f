internal import Primitives

extension Tick {
  var nanoseconds: UInt64 { rawValue * 1000 }

  /// The first tick that is not before a time in nanoseconds.
  init(nanoseconds: UInt64) { self.init((nanoseconds + 999) / 1000) }
}
