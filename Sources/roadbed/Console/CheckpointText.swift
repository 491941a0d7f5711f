/// What is said of a proof that is older than the checkpoint of whoever verifies it.
enum CheckpointText {
  static func printOlder(_ what: String) {
    Console.print(
      Console.styled("note", .yellow)
        + ": this \(what) is of an epoch before your checkpoint, so it rests on keys that may "
        + "have leaked since; ask for one of a later epoch, or for another proof of its age")
  }
}
