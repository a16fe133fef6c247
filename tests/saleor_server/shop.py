"""What the shop keeps, and how it answers each operation. Plain dicts in the shape of Saleor's types."""

import itertools
from typing import Any

Answer = dict[str, Any]


class Refused(Exception):
    """The whole document is refused, as Saleor does with a wrong token."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(code)
        self.code, self.message = code, message


def money(amount: float) -> Answer:
    """As Saleor says amounts: a float."""
    return {"__typename": "Money", "amount": float(amount), "currency": "VND"}


def fault(code: str, message: str = "no", **more: Any) -> Answer:
    """One error of a mutation."""
    return {"field": None, "path": None, "message": message, "code": code} | more


class Shop:
    """One shop. `spoil`: {external reference: error code} of refused products. `calls`: every document heard."""

    def __init__(self, token: str = "shop-token", currency: str = "VND") -> None:
        self.token, self.currency = token, currency
        self.numbers = itertools.count(1)
        self.calls: list[tuple[str, str, Answer, Answer | None]] = []
        self.products: dict[str, Answer] = {}
        self.orders: dict[str, Answer] = {}
        self.warehouse: str | None = None
        self.zones: list[Answer] = []
        self.attributes: dict[str, str] = {}
        self.categories: dict[str, str] = {}
        self.kind: str | None = None
        self.channel_warehouses: list[str] = []
        self.spoil: dict[str, str] = {}
        self.spoil_stock: set[str] = set()
        self.refund_fails = False
        self.slow: dict[str, float] = {}  # {operation: seconds that it takes}
        self.fail_next: list[
            tuple[str, int, dict[str, str]]
        ] = []  # (operation or "", status, headers) before it acts
        self.lose_next: list[str] = []  # operations that are carried out and whose answer is lost
        self.reported: set[tuple[str, str, str]] = set()

    def id(self, kind: str) -> str:
        """A new id."""
        return f"{kind}:{next(self.numbers)}"

    def answer(self, operation: str, given: Answer) -> Answer:
        """The data of one operation."""
        return getattr(self, f"_{operation}")(given)

    def named(self, operation: str) -> list[Answer]:
        """The variables of every call of an operation."""
        return [given for name, _document, given, _said in self.calls if name == operation]

    # --- who, setup

    def _CpWho(self, _given: Answer) -> Answer:
        return {"app": {"id": "App:1", "name": "Chợ Phiên"}, "shop": {"name": "Shop", "version": "3.24.0"}}

    def _channel(self, slug: str) -> Answer | None:
        if slug != "vietnam":
            return None
        joined = [{"id": one} for one in self.channel_warehouses]
        return {"id": "Channel:1", "currencyCode": self.currency, "isActive": True, "warehouses": joined}

    def _CpSetup(self, given: Answer) -> Answer:
        def edges(nodes: list[Answer]) -> Answer:
            return {"edges": [{"node": one} for one in nodes]}

        return {
            "channel": self._channel(given["channel"]),
            "warehouses": edges(
                [{"id": self.warehouse, "externalReference": "cho-phien"}] if self.warehouse else []
            ),
            "productTypes": edges([{"id": self.kind}] if self.kind else []),
            "attributes": edges([{"id": one, "slug": slug} for slug, one in self.attributes.items()]),
            "shippingZones": edges(self.zones),
            "categories": edges([{"id": one, "slug": slug} for slug, one in self.categories.items()]),
        }

    def _CpWarehouse(self, _given: Answer) -> Answer:
        self.warehouse = self.id("Warehouse")
        return {"createWarehouse": {"warehouse": {"id": self.warehouse}, "errors": []}}

    def _CpZone(self, given: Answer) -> Answer:
        zone = {
            "id": self.id("ShippingZone"), "name": given["input"]["name"],
            "countries": [{"code": one} for one in given["input"]["countries"]],
            "warehouses": [{"id": one} for one in given["input"]["addWarehouses"]],
            "channels": [{"id": one} for one in given["input"]["addChannels"]],
        }  # fmt: skip
        self.zones.append(zone)
        return {"shippingZoneCreate": {"shippingZone": {"id": zone["id"]}, "errors": []}}

    def _CpChannel(self, given: Answer) -> Answer:
        self.channel_warehouses += given["input"]["addWarehouses"]
        return {"channelUpdate": {"channel": {"id": given["id"]}, "errors": []}}

    def _CpAttribute(self, given: Answer) -> Answer:
        slug = given["input"]["slug"]
        assert slug not in self.attributes, "made twice"
        self.attributes[slug] = self.id("Attribute")
        return {"attributeCreate": {"attribute": {"id": self.attributes[slug], "slug": slug}, "errors": []}}

    def _CpProductType(self, _given: Answer) -> Answer:
        self.kind = self.id("ProductType")
        return {"productTypeCreate": {"productType": {"id": self.kind}, "errors": []}}

    def _CpCategory(self, given: Answer) -> Answer:
        slug = given["input"]["slug"]
        assert slug not in self.categories, "made twice"
        self.categories[slug] = self.id("Category")
        return {"categoryCreate": {"category": {"id": self.categories[slug], "slug": slug}, "errors": []}}

    # --- goods

    def _CpLookup(self, given: Answer) -> Answer:
        by_ref = {one["externalReference"]: one for one in self.products.values()}
        return {f"r{name.removeprefix('ref')}": by_ref.get(ref) for name, ref in given.items()}

    def _CpCreate(self, given: Answer) -> Answer:
        rows = given["products"]
        assert len(rows) <= 100
        results = [self._create(row) for row in rows]
        return {"productBulkCreate": {
            "count": sum(1 for one in results if one["product"]), "results": results, "errors": [],
        }}  # fmt: skip

    def _create(self, row: Answer) -> Answer:
        ref = row["externalReference"]
        taken = ref in {one["externalReference"] for one in self.products.values()}
        if taken or ref in self.spoil:
            return {
                "product": None,
                "errors": [fault("UNIQUE" if taken else self.spoil[ref], path="externalReference")],
            }
        made = {
            "id": self.id("Product"), "externalReference": ref, "name": row["name"], "media": [],
            "attributes_sent": row["attributes"], "category_sent": row.get("category"),
            "channelListings": [{
                "id": self.id("Listing"), "channel": {"id": one["channelId"]}, "isPublished": one["isPublished"],
                "isAvailableForPurchase": one["isAvailableForPurchase"],
            } for one in row["channelListings"]],
            "variants": [self._variant(one) for one in row["variants"]],
        }  # fmt: skip
        self.products[made["id"]] = made
        return {"product": made, "errors": []}

    def _variant(self, row: Answer) -> Answer:
        return {
            "id": self.id("Variant"), "externalReference": row["externalReference"],
            "channelListings": [{
                "id": self.id("VariantListing"), "channel": {"id": one["channelId"]}, "price": money(one["price"]),
            } for one in row["channelListings"]],
            "stocks": [{
                "id": self.id("Stock"), "quantity": one["quantity"], "quantityAllocated": 0,
                "warehouse": {"id": one["warehouse"]},
            } for one in row["stocks"]],
        }  # fmt: skip

    def variant(self, ref: str) -> Answer:
        """A variant by external reference."""
        return next(v for p in self.products.values() for v in p["variants"] if v["externalReference"] == ref)

    def _CpTexts(self, given: Answer) -> Answer:
        said = {}
        for place in range(len(given) // 2):
            product = self.products[given[f"id{place}"]]
            code = self.spoil.get(product["externalReference"])
            if code is None:
                product["name"] = given[f"input{place}"]["name"]
            errors = [fault(code)] if code else []
            said[f"r{place}"] = {"product": {"id": product["id"]}, "errors": errors}
        return said

    def _CpPrices(self, given: Answer) -> Answer:
        said = {}
        for place in range(len(given) // 2):
            variant = next(
                v for p in self.products.values() for v in p["variants"] if v["id"] == given[f"id{place}"]
            )
            [row] = given[f"input{place}"]
            if not variant["channelListings"]:
                self._change(variant, {"channelListings": {"create": [row]}})
            variant["channelListings"][0]["price"] = money(row["price"])
            said[f"r{place}"] = {"errors": []}
        return said

    def _CpVariants(self, given: Answer) -> Answer:
        said = {}
        for place in range(len(given) // 2):
            product = self.products[given[f"id{place}"]]
            rows = given[f"variants{place}"]
            for row in rows:
                self._change(next(one for one in product["variants"] if one["id"] == row["id"]), row)
            results = [{"productVariant": {"id": row["id"]}, "errors": []} for row in rows]
            said[f"r{place}"] = {"count": len(rows), "results": results, "errors": []}
        return said

    def _change(self, variant: Answer, row: Answer) -> None:
        listings = row.get("channelListings", {})
        for one in listings.get("update", ()):
            found = next(each for each in variant["channelListings"] if each["id"] == one["channelListing"])
            found["price"] = money(one["price"])
        gone = listings.get("remove", ())
        variant["channelListings"] = [one for one in variant["channelListings"] if one["id"] not in gone]
        for one in listings.get("create", ()):
            variant["channelListings"].append(
                {
                    "id": self.id("VariantListing"),
                    "channel": {"id": one["channelId"]},
                    "price": money(one["price"]),
                }
            )

    def _CpNewVariants(self, given: Answer) -> Answer:
        said = {}
        for place in range(len(given) // 2):
            made = [self._variant(row) for row in given[f"variants{place}"]]
            self.products[given[f"id{place}"]]["variants"] += made
            results = [{"productVariant": {"id": one["id"]}, "errors": []} for one in made]
            said[f"r{place}"] = {"count": len(made), "results": results, "errors": []}
        return said

    def _CpStocks(self, given: Answer) -> Answer:
        results: list[Answer] = []
        assert len(given["stocks"]) <= 100
        for row in given["stocks"]:
            variant = next((
                v for p in self.products.values() for v in p["variants"]
                if v["id"] == row.get("variantId") or v["externalReference"] == row.get("variantExternalReference")
            ), None)  # fmt: skip
            if variant is None or variant["externalReference"] in self.spoil_stock:
                results.append({"stock": None, "errors": [fault("NOT_FOUND")]})
                continue
            stock = variant["stocks"][0]
            stock["quantity"] = row["quantity"]
            results.append({"stock": {"id": stock["id"], "quantity": stock["quantity"]}, "errors": []})
        count = sum(1 for one in results if one["stock"])
        return {"stockBulkUpdate": {"count": count, "results": results, "errors": []}}

    def _CpShown(self, given: Answer) -> Answer:
        said = {}
        for place in range(len(given) // 2):
            product, change = self.products[given[f"id{place}"]], given[f"input{place}"]["updateChannels"][0]
            for name in ("isPublished", "isAvailableForPurchase"):
                product["channelListings"][0][name] = change[name]
            said[f"r{place}"] = {"product": {"id": product["id"]}, "errors": []}
        return said

    def _CpMedia(self, given: Answer) -> Answer:
        said = {}
        for name, value in given.items():
            if name.startswith("input"):
                bad = "broken" in value["mediaUrl"]
                if not bad:
                    self.products[value["product"]]["media"].append({"id": self.id("Media")})
                said[f"r{name.removeprefix('input')}"] = {
                    "errors": [fault("UNSUPPORTED_MEDIA_PROVIDER")] if bad else []
                }
            else:
                for product in self.products.values():
                    product["media"] = [one for one in product["media"] if one["id"] != value]
                said[f"r{name.removeprefix('id')}"] = {"errors": []}
        return said

    # --- orders

    def buy(self, lines: list[tuple[str, int]], shipping: int = 0, **address: str) -> Answer:
        """A buyer orders variants [(external reference, pieces)…]; stock is held back, as Saleor does."""
        rows = []
        for ref, quantity in lines:
            variant = self.variant(ref)
            variant["stocks"][0]["quantityAllocated"] += quantity
            rows.append({
                "id": self.id("OrderLine"), "quantity": quantity, "quantityFulfilled": 0, "productSku": ref,
                "variant": {"id": variant["id"], "externalReference": ref},
                "unitPrice": {"gross": variant["channelListings"][0]["price"]},
            })  # fmt: skip
        total = shipping + sum(row["quantity"] * row["unitPrice"]["gross"]["amount"] for row in rows)
        where = {
            "firstName": "Minh Mẫu", "lastName": "Đỗ", "phone": "+84912345678", "streetAddress1": "Số 8, ngõ Mẫu",
            "streetAddress2": "", "city": "Phường Cầu Giấy", "cityArea": "", "countryArea": "Hà Nội",
            "country": {"code": "VN"},
        } | address  # fmt: skip
        where |= {"city": where["city"].upper(), "cityArea": ""}  # as Saleor keeps addresses of Viet Nam
        made = {
            "id": self.id("Order"), "number": str(len(self.orders) + 1), "status": "UNFULFILLED",
            "chargeStatus": "NONE", "isPaid": False, "languageCodeEnum": "VI", "customerNote": "",
            "channel": {"slug": "vietnam"}, "total": {"gross": money(total)}, "totalCharged": money(0),
            "shippingAddress": where, "lines": rows,
            "fulfillments": [], "transactions": [],
        }  # fmt: skip
        self.orders[made["id"]] = made
        return made

    def pay(self, order: Answer, amount: float | None = None, psp: str = "gateway-1") -> Answer:
        """The shop's own gateway takes the money."""
        amount = order["total"]["gross"]["amount"] if amount is None else amount
        return self._transaction(order, psp, amount)

    def _transaction(self, order: Answer, psp: str, amount: float) -> Answer:
        made = {
            "id": self.id("TransactionItem"), "pspReference": psp, "actions": ["REFUND"],
            "chargedAmount": money(amount), "refundedAmount": money(0), "refundPendingAmount": money(0),
            "events": [{"type": "CHARGE_SUCCESS", "pspReference": ""}],
        }  # fmt: skip
        order["transactions"].append(made)
        order["totalCharged"] = money(order["totalCharged"]["amount"] + amount)
        order["isPaid"] = order["totalCharged"]["amount"] >= order["total"]["gross"]["amount"]
        order["chargeStatus"] = "FULL" if order["isPaid"] else "PARTIAL"
        return made

    def refund(self, order: Answer, amount: float, place: int = 0, psp: str = "gateway-back") -> None:
        """The shop's people give money back at their gateway."""
        one = order["transactions"][place]
        one["events"].insert(0, {"type": "REFUND_SUCCESS", "pspReference": psp})
        one["actions"] = ["REFUND"] if one["chargedAmount"]["amount"] > amount else []
        one["chargedAmount"] = money(one["chargedAmount"]["amount"] - amount)
        one["refundedAmount"] = money(one["refundedAmount"]["amount"] + amount)
        order["totalCharged"] = money(order["totalCharged"]["amount"] - amount)
        order["isPaid"] = False
        order["chargeStatus"] = "PARTIAL" if order["totalCharged"]["amount"] else "NONE"

    def settle_refunds(self) -> None:
        """The gateway carries out what it was asked."""
        for order in self.orders.values():
            for one in order["transactions"]:
                pending = one["refundPendingAmount"]["amount"]
                one["refundPendingAmount"] = money(0)
                one["refundedAmount"] = money(one["refundedAmount"]["amount"] + pending)

    def _CpOrderById(self, given: Answer) -> Answer:
        return {"order": self.orders.get(given["id"])}

    def _CpRecent(self, _given: Answer) -> Answer:
        edges = [{"node": {"id": one["id"], "number": one["number"]}} for one in self.orders.values()]
        return {"orders": {"edges": edges, "pageInfo": {"hasNextPage": False, "endCursor": None}}}

    def _CpFulfil(self, given: Answer) -> Answer:
        order, lines = self.orders[given["order"]], []
        for row in given["input"]["lines"]:
            line = next(one for one in order["lines"] if one["id"] == row["orderLineId"])
            quantity = row["stocks"][0]["quantity"]
            if line["quantityFulfilled"] + quantity > line["quantity"]:
                return {"orderFulfill": {"fulfillments": None, "errors": [fault("FULFILL_ORDER_LINE")]}}
            line["quantityFulfilled"] += quantity
            stock = self.variant(line["productSku"])["stocks"][0]
            stock["quantity"] -= quantity
            stock["quantityAllocated"] -= quantity
            lines.append({"quantity": quantity, "orderLine": {"id": line["id"]}})
        made = {"id": self.id("Fulfillment"), "status": "FULFILLED", "lines": lines,
                "trackingNumber": given["input"]["trackingNumber"]}  # fmt: skip
        order["fulfillments"].append(made)
        done = all(one["quantityFulfilled"] == one["quantity"] for one in order["lines"])
        order["status"] = "FULFILLED" if done else "PARTIALLY_FULFILLED"
        return {"orderFulfill": {"fulfillments": [{"id": made["id"]}], "errors": []}}

    def _CpTracking(self, given: Answer) -> Answer:
        for order in self.orders.values():
            for one in order["fulfillments"]:
                if one["id"] == given["id"]:
                    one["trackingNumber"] = given["input"]["trackingNumber"]
        return {"orderFulfillmentUpdateTracking": {"fulfillment": {"id": given["id"]}, "errors": []}}

    def _CpCancel(self, given: Answer) -> Answer:
        order = self.orders[given["id"]]
        if order["fulfillments"]:
            return {"orderCancel": {"order": None, "errors": [fault("CANNOT_CANCEL_ORDER")]}}
        order["status"] = "CANCELED"
        return {"orderCancel": {"order": {"id": order["id"], "status": "CANCELED"}, "errors": []}}

    def _CpCharged(self, given: Answer) -> Answer:
        order, told = self.orders[given["id"]], given["transaction"]
        assert told["pspReference"] not in [one["pspReference"] for one in order["transactions"]], (
            "said twice"
        )
        made = self._transaction(order, told["pspReference"], told["amountCharged"]["amount"])
        return {"transactionCreate": {"transaction": {"id": made["id"]}, "errors": []}}

    def _CpReport(self, given: Answer) -> Answer:
        again = (given["id"], given["psp"], given["type"]) in self.reported
        self.reported.add((given["id"], given["psp"], given["type"]))
        for order in self.orders.values():
            for place, one in enumerate(order["transactions"]):
                if one["id"] == given["id"] and not again:
                    self.refund(order, given["amount"], place, given["psp"])
        return {"transactionEventReport": {"alreadyProcessed": again, "errors": []}}

    def _CpGiveBack(self, given: Answer) -> Answer:
        for order in self.orders.values():
            for one in order["transactions"]:
                if one["id"] != given["id"]:
                    continue
                if self.refund_fails:
                    one["events"].append({"type": "REFUND_FAILURE", "pspReference": ""})
                    break
                one["chargedAmount"] = money(one["chargedAmount"]["amount"] - given["amount"])
                one["refundPendingAmount"] = money(one["refundPendingAmount"]["amount"] + given["amount"])
                order["totalCharged"] = money(order["totalCharged"]["amount"] - given["amount"])
        return {"transactionRequestAction": {"transaction": {"id": given["id"]}, "errors": []}}
