import ArgumentParser
import Ledger

/// The parties and the reference of a hold, which all of its commands name.
struct HoldArguments: ParsableArguments {
  @Option(help: "The account that pays.", transform: AccountName.argument)
  var from: AccountName

  @Option(help: "The account that receives.", transform: AccountName.argument)
  var to: AccountName

  @Option(
    help: ArgumentHelp(
      "What the parties call the hold, such as the number of an order: at most 64 bytes, and different from that of "
        + "every other open hold of the paying account.", valueName: "text"),
    transform: HoldReference.argument)
  var reference: HoldReference
}
