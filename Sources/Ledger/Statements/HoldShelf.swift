package import Primitives

/// Where the open holds are kept by what follows them from the blocks alone (`HoldFollower`).
package protocol HoldShelf {
  associatedtype Failure: Error

  /// Adds an open hold.
  mutating func put(_ hold: Hold) throws(Failure)
  /// Removes the payer's open hold with this reference, which must be there.
  mutating func take(_ from: AccountName, _ reference: HoldReference) throws(Failure) -> Hold
  /// Removes the hold that expires first, and of these the one that was placed first, if it has expired at `time`.
  mutating func takeExpired(at time: Timestamp) throws(Failure) -> Hold?
}
