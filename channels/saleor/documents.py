"""Every query and mutation that is sent to a shop, in Saleor 3.24's words. A conformance test holds them to its schema.

`repeated` makes one document of several fields of the same kind, each under its own alias and variables: Saleor has no
bulk form for those.
"""

from collections.abc import Sequence

WHO = "query CpWho { app { id name } shop { name version } }"

SETUP = """query CpSetup($channel: String!, $warehouses: [String!]!, $types: [String!]!, $attributes: [String!]!,
  $zone: String!, $categories: [String!]!) {
  channel(slug: $channel) { id currencyCode isActive warehouses { id } }
  warehouses(first: 1, filter: {slugs: $warehouses}) { edges { node { id externalReference } } }
  productTypes(first: 1, filter: {slugs: $types}) { edges { node { id } } }
  attributes(first: 10, where: {slug: {oneOf: $attributes}}) { edges { node { id slug } } }
  shippingZones(first: 10, filter: {search: $zone}) {
    edges { node { id name countries { code } warehouses { id } channels { id } } }
  }
  categories(first: 100, filter: {slugs: $categories}) { edges { node { id slug } } }
}"""

_ERRORS = "errors { field message code }"
WAREHOUSE = f"""mutation CpWarehouse($input: WarehouseCreateInput!) {{
  createWarehouse(input: $input) {{ warehouse {{ id }} {_ERRORS} }}
}}"""
ZONE = f"""mutation CpZone($input: ShippingZoneCreateInput!) {{
  shippingZoneCreate(input: $input) {{ shippingZone {{ id }} {_ERRORS} }}
}}"""
CHANNEL = f"""mutation CpChannel($id: ID!, $input: ChannelUpdateInput!) {{
  channelUpdate(id: $id, input: $input) {{ channel {{ id }} {_ERRORS} }}
}}"""
ATTRIBUTE = f"""mutation CpAttribute($input: AttributeCreateInput!) {{
  attributeCreate(input: $input) {{ attribute {{ id slug }} {_ERRORS} }}
}}"""
PRODUCT_TYPE = f"""mutation CpProductType($input: ProductTypeInput!) {{
  productTypeCreate(input: $input) {{ productType {{ id }} {_ERRORS} }}
}}"""
CATEGORY = f"""mutation CpCategory($input: CategoryInput!) {{
  categoryCreate(input: $input) {{ category {{ id slug }} {_ERRORS} }}
}}"""

_PRODUCT = """fragment CpProduct on Product {
  id externalReference
  channelListings { id channel { id } isPublished isAvailableForPurchase }
  media { id }
  variants {
    id externalReference
    channelListings { id channel { id } price { amount currency } }
    stocks { id quantity quantityAllocated warehouse { id } }
  }
}"""

CREATE = f"""mutation CpCreate($products: [ProductBulkCreateInput!]!) {{
  productBulkCreate(products: $products, errorPolicy: IGNORE_FAILED) {{
    count
    results {{ product {{ ...CpProduct }} errors {{ path message code }} }}
    errors {{ path message code }}
  }}
}}
{_PRODUCT}"""

STOCKS = """mutation CpStocks($stocks: [StockBulkUpdateInput!]!) {
  stockBulkUpdate(stocks: $stocks, errorPolicy: IGNORE_FAILED) {
    count
    results { stock { id quantity } errors { field message code } }
    errors { field message code }
  }
}"""

_ORDER = """fragment CpOrder on Order {
  id number status chargeStatus isPaid languageCodeEnum customerNote
  channel { slug }
  total { gross { amount currency } }
  totalCharged { amount currency }
  shippingAddress {
    firstName lastName phone streetAddress1 streetAddress2 city cityArea countryArea country { code }
  }
  lines {
    id quantity quantityFulfilled productSku variant { id externalReference } unitPrice { gross { amount currency } }
  }
  fulfillments { id status trackingNumber lines { quantity orderLine { id } } }
  transactions {
    id pspReference actions
    chargedAmount { amount currency } refundedAmount { amount currency } refundPendingAmount { amount currency }
    events { type pspReference }
  }
}"""
ORDER = f"query CpOrderById($id: ID!) {{ order(id: $id) {{ ...CpOrder }} }}\n{_ORDER}"
RECENT = """query CpRecent($channel: String!, $since: DateTime!, $after: String) {
  orders(first: 100, after: $after, channel: $channel, where: {updatedAt: {gte: $since}}) {
    edges { node { id number } }
    pageInfo { hasNextPage endCursor }
  }
}"""
FULFIL = """mutation CpFulfil($order: ID!, $input: OrderFulfillInput!) {
  orderFulfill(order: $order, input: $input) { fulfillments { id } errors { field message code } }
}"""
TRACKING = """mutation CpTracking($id: ID!, $input: FulfillmentUpdateTrackingInput!) {
  orderFulfillmentUpdateTracking(id: $id, input: $input) { fulfillment { id } errors { field message code } }
}"""
CANCEL = """mutation CpCancel($id: ID!) {
  orderCancel(id: $id) { order { id status } errors { field message code } }
}"""
CHARGED = """mutation CpCharged($id: ID!, $transaction: TransactionCreateInput!) {
  transactionCreate(id: $id, transaction: $transaction) { transaction { id } errors { field message code } }
}"""
REPORT = """mutation CpReport($id: ID!, $psp: String!, $amount: PositiveDecimal!, $type: TransactionEventTypeEnum!) {
  transactionEventReport(id: $id, pspReference: $psp, amount: $amount, type: $type) {
    alreadyProcessed errors { field message code }
  }
}"""
GIVE_BACK = """mutation CpGiveBack($id: ID!, $amount: PositiveDecimal!) {
  transactionRequestAction(id: $id, actionType: REFUND, amount: $amount) {
    transaction { id } errors { field message code }
  }
}"""

# --- one alias for each row


def repeated(kind: str, name: str, fields: Sequence[tuple[str, str]], selection: str, tail: str = "") -> str:
    """A document of the fields in `fields`: for each (declared variables, call), under alias r0, r1 …

    In both, # stands for the row's number.
    """
    declared = ", ".join(one[0].replace("#", str(place)) for place, one in enumerate(fields))
    calls = "\n".join(
        f"  r{place}: {call.replace('#', str(place))} {selection}"
        for place, (_one, call) in enumerate(fields)
    )
    return f"{kind} {name}({declared}) {{\n{calls}\n}}\n{tail}".rstrip()


def lookup(count: int) -> str:
    """Products by external reference: variables ref0 …"""
    fields = [("$ref#: String!", "product(externalReference: $ref#)")] * count
    return repeated("query", "CpLookup", fields, "{ ...CpProduct }", _PRODUCT)


def texts(count: int) -> str:
    """Products' own words: variables id0, input0 …"""
    fields = [("$id#: ID!, $input#: ProductInput!", "productUpdate(id: $id#, input: $input#)")] * count
    return repeated("mutation", "CpTexts", fields, "{ product { id } errors { field message code } }")


def prices(count: int) -> str:
    """Prices of packs in a channel: variables id0, input0 …; costs a shop half of what `variants` does."""
    declared = "$id#: ID!, $input#: [ProductVariantChannelListingAddInput!]!"
    call = "productVariantChannelListingUpdate(id: $id#, input: $input#)"
    return repeated("mutation", "CpPrices", [(declared, call)] * count, "{ errors { field message code } }")


def variants(count: int) -> str:
    """Packs of several products that are there: variables id0, variants0 (at most 100 each) …"""
    declared = "$id#: ID!, $variants#: [ProductVariantBulkUpdateInput!]!"
    call = "productVariantBulkUpdate(product: $id#, variants: $variants#, errorPolicy: IGNORE_FAILED)"
    said = "{ count results { productVariant { id } errors { path message code } } errors { path message code } }"
    return repeated("mutation", "CpVariants", [(declared, call)] * count, said)


def new_variants(count: int) -> str:
    """Packs that are not there yet: variables id0, variants0 …"""
    declared = "$id#: ID!, $variants#: [ProductVariantBulkCreateInput!]!"
    call = "productVariantBulkCreate(product: $id#, variants: $variants#, errorPolicy: IGNORE_FAILED)"
    said = "{ count results { productVariant { id } errors { path message code } } errors { message code } }"
    return repeated("mutation", "CpNewVariants", [(declared, call)] * count, said)


def shown(count: int) -> str:
    """Products on sale or taken off: variables id0, input0 …"""
    declared = "$id#: ID!, $input#: ProductChannelListingUpdateInput!"
    call = "productChannelListingUpdate(id: $id#, input: $input#)"
    said = "{ product { id } errors { field message code } }"
    return repeated("mutation", "CpShown", [(declared, call)] * count, said)


def media(added: int, removed: int) -> str:
    """Photos: variables input0 … for new ones, then id<n> … for those that go."""
    fields = [("$input#: ProductMediaCreateInput!", "productMediaCreate(input: $input#)")] * added
    fields += [("$id#: ID!", "productMediaDelete(id: $id#)")] * removed
    return repeated("mutation", "CpMedia", fields, "{ errors { field message code } }")


# --- what the app's manifest subscribes to


KNOCK = """subscription { event {
 ... on OrderCreated { order { id number } } ... on OrderConfirmed { order { id number } }
 ... on OrderUpdated { order { id number } } ... on OrderFullyPaid { order { id number } }
 ... on OrderPaid { order { id number } } ... on OrderRefunded { order { id number } }
 ... on OrderFullyRefunded { order { id number } } ... on OrderCancelled { order { id number } } } }"""
KNOCK_EVENTS = ("ORDER_CREATED", "ORDER_CONFIRMED", "ORDER_UPDATED", "ORDER_FULLY_PAID", "ORDER_PAID", "ORDER_REFUNDED",
                "ORDER_FULLY_REFUNDED", "ORDER_CANCELLED")  # fmt: skip
REFUND_WANTED = """subscription { event { ... on TransactionRefundRequested {
 action { amount currency } transaction { id pspReference order { id number } } } } }"""
SHIPPING = """subscription { event { ... on ShippingListMethodsForCheckout { checkout {
 channel { slug }
 shippingAddress { streetAddress1 streetAddress2 city cityArea countryArea country { code } }
 lines { quantity variant { externalReference } } } } } }"""
