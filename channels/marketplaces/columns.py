"""The columns that sites' tables may have, and headings that mean them: Vietnamese, English, a few Indonesian, Chinese.

Written from general knowledge and from public programs that speak of such tables; unverified with any site. A seller's
own file decides, and a person corrects what was read wrongly.
"""

from core.headings import Column
from core.i18n import N_

CONSTANT = "constant"  # the same text for every row, as a person typed it

TEMPLATE: tuple[Column, ...] = (
    Column(
        "category", N_("Mã ngành hàng của sàn"),
        "nganh hang, ma nganh hang, danh muc, ma danh muc, danh muc san pham, category, category id, kategori, "
        "ps category, primarycategory, primary category, chuyen muc",
        r"^(ma )?(nganh hang|danh muc)\b",
    ),
    Column(
        "name", N_("Tên hàng"),
        "ten san pham, ten hang, ten hang hoa, ten sp, product name, name, nama produk, ps product name, title, "
        "tieu de, ten san pham tieng viet",
        r"^ten san pham|^product name",
    ),
    Column(
        "description", N_("Mô tả"),
        "mo ta, mo ta san pham, product description, description, deskripsi produk, deskripsi, ps product "
        "description, gioi thieu san pham, noi dung, mo ta chi tiet, main description, long description",
        r"^mo ta san pham|^product description",
    ),
    Column(
        "parent_sku", N_("Mã sản phẩm chung"),
        "sku san pham, ma san pham, sku cha, parent sku, sku induk, ps sku parent short, sku parent, sku ref no "
        "parent, ma hang cha, associatedsku",
        r"^sku san pham|^parent sku",
    ),
    Column(
        "group", N_("Mã gom các phân loại"),
        "variation integration no, ma tich hop phan loai, ma phan loai hang, kode integrasi variasi, et title "
        "variation integration no, group id, ma nhom phan loai, group no",
        r"integration no|tich hop phan loai",
    ),
    Column(
        "option_name", N_("Tên nhóm phân loại"),
        "variation name1, variation name 1, ten nhom phan loai hang 1, nhom phan loai 1, nama variasi 1, et title "
        "variation 1, ten phan loai 1, variation 1, ten nhom phan loai 1",
        r"^ten nhom phan loai( hang)? 1",
    ),
    Column(
        "option", N_("Phân loại (quy cách)"),
        "option for variation 1, ten phan loai hang cho nhom phan loai hang 1, phan loai hang, varian untuk "
        "variasi 1, et title option for variation 1, quy cach, ten phan loai hang, variation, phan loai, package "
        "content, quy cach dong goi",
        r"^ten phan loai hang cho nhom|^option for variation 1",
    ),
    Column(
        "option_image", N_("Ảnh của phân loại"),
        "image per variation, hinh anh moi phan loai, foto produk per varian, et title image per variation, anh "
        "phan loai, hinh anh phan loai",
        r"(hinh )?anh .*phan loai|image per variation",
    ),
    Column(
        "price", N_("Giá bán"),
        "gia, gia ban, don gia, price, harga, ps price, gia san pham, gia ban le, gia niem yet",
        r"^(gia|gia ban|price)( vnd| dong)?$",
    ),
    Column(
        "stock", N_("Số còn bán"),
        "kho hang, so luong, ton kho, so luong ton, stock, stok, ps stock, quantity, kho, so luong kho, so luong "
        "ton kho, available, inventory, multi warehouse",
        r"^(so luong )?ton kho|^kho hang",
    ),
    Column(
        "sku", N_("Mã gói của mình"),
        "sku, sku phan loai, sku phan loai hang, seller sku, sellersku, kode variasi, ps sku short, ma sku, ma "
        "hang, sku nguoi ban, ma phan loai, shop sku cua nguoi ban",
        r"^sku phan loai|^seller ?sku",
    ),
    Column(
        "gtin", N_("Mã vạch"),
        "gtin, gtin ean, ean, barcode, ma vach, ps gtin code, upc, ean code, ma gtin, ean upc",
        r"\bgtin\b|^ma vach|\bean\b",
    ),
    Column(
        "image_cover", N_("Ảnh bìa"),
        "anh bia, anh dai dien, hinh anh bia, cover image, main image, foto sampul, ps item cover image, anh chinh, "
        "hinh dai dien, avatar, anh san pham, hinh anh, hinh anh san pham, product images1",
        r"^(hinh )?anh (bia|dai dien|chinh)",
    ),
    *(
        Column(
            f"image_{n}", N_("Ảnh thêm %(n)s"),
            f"hinh anh san pham {n}, anh san pham {n}, hinh anh {n}, anh {n}, item image {n}, image {n}, "
            f"foto produk {n}, ps item image {n}, product image {n}, anh phu {n}, product images{n + 1}",
        )
        for n in range(1, 9)
    ),
    Column(
        "weight", N_("Cân nặng cả bì"),
        "can nang, trong luong, khoi luong, weight, berat, ps weight, package weight, ps product weight, can nang "
        "san pham, trong luong goi hang, khoi luong goi hang, package weight kg",
        r"^(can nang|trong luong|khoi luong)\b|^(package )?weight\b|^berat\b",
    ),
    Column(
        "brand", N_("Thương hiệu"),
        "thuong hieu, nhan hieu, brand, merek, ps brand, nha san xuat, ten thuong hieu",
        r"^thuong hieu|^brand\b",
    ),
    Column(
        "origin", N_("Nơi làm ra"),
        "xuat xu, noi san xuat, nguon goc, origin, country of origin, noi xuat xu, negara asal, dia chi san xuat",
        r"^xuat xu|^nguon goc",
    ),
    Column("ingredients", N_("Thành phần"), "thanh phan, nguyen lieu, ingredients, komposisi", r"^thanh phan"),
    Column(
        "shelf_life", N_("Hạn dùng, ngày"),
        "han su dung, thoi han su dung, shelf life, masa simpan, hsd, thoi gian su dung", r"^(thoi )?han su dung",
    ),
    Column("unit", N_("Đơn vị tính"), "don vi tinh, don vi, dvt, unit, satuan"),
)  # fmt: skip

ORDERS: tuple[Column, ...] = (
    Column(
        "number", N_("Mã đơn của sàn"),
        "ma don hang, ma don, so don hang, order id, order number, ordernumber, order no, order sn, no pesanan, "
        "ma van don don hang",
        r"^(ma|so) don( hang)?$",
    ),
    Column(
        "status", N_("Trạng thái"),
        "trang thai don hang, trang thai, tinh trang, order status, status, status pesanan, tinh trang don hang",
    ),
    Column(
        "return_status", N_("Trạng thái trả hàng"),
        "trang thai tra hang hoan tien, trang thai hoan tra, return refund status, return status, trang thai tra "
        "hang, tra hang hoan tien",
        r"trang thai (tra hang|hoan)",
    ),
    Column(
        "placed_at", N_("Ngày đặt"),
        "ngay dat hang, thoi gian dat hang, order creation date, createtime, created at, created time, thoi gian "
        "tao don hang, ngay tao don, ngay tao, ngay dat, waktu pesanan dibuat, order date, thoi gian tao don",
    ),
    Column(
        "sku", N_("Mã gói"),
        "sku phan loai hang, sku reference no, seller sku, sellersku, ma sku, sku, sku nguoi ban, sku phan loai, "
        "nomor referensi sku, ma hang, ma san pham nguoi ban, ma hang hoa",
        r"^sku phan loai|^seller ?sku",
    ),
    Column(
        "name", N_("Tên hàng"),
        "ten san pham, ten hang, product name, item name, itemname, nama produk, ten sp, ten hang hoa",
    ),
    Column(
        "option", N_("Phân loại"),
        "ten phan loai hang, phan loai hang, variation name, variation, nama variasi, phan loai, quy cach",
    ),
    Column("quantity", N_("Số gói"), "so luong, quantity, jumlah, sl, so luong san pham, so luong mua, qty"),
    Column(
        "returned", N_("Số gói trả lại"),
        "returned quantity, so luong tra hang, so luong san pham duoc hoan tra, so luong hoan tra, so luong tra, sku "
        "quantity of return, so luong tra lai",
        r"so luong .*(tra|hoan)|return(ed)? quantity",
    ),
    Column(
        "unit_price", N_("Giá một gói, đã giảm"),
        "gia uu dai, deal price, unit price, unitprice, don gia, gia ban, harga setelah diskon, gia san pham, "
        "gia sau giam",
    ),
    Column(
        "line_total", N_("Tiền của dòng"),
        "tong gia ban san pham, product subtotal, sku subtotal after discount, thanh tien, tong tien hang, tong gia "
        "ban, total harga produk, thanh tien san pham, tong tien san pham",
        r"^tong gia ban",
    ),
    Column(
        "seller_discount", N_("Người bán giảm, cả đơn"),
        "ma giam gia cua shop, seller voucher, sellerdiscounttotal, seller discount total, ma giam gia cua nguoi "
        "ban, giam gia cua shop, nguoi ban giam, voucher ditanggung penjual, khuyen mai cua shop",
    ),
    Column(
        "fee_fixed", N_("Phí cố định, hoa hồng"),
        "phi co dinh, commission fee, phi hoa hong, hoa hong, commission, phi san, biaya administrasi, chiet khau "
        "san, phi nen tang",
        r"^phi (co dinh|hoa hong)",
    ),
    Column(
        "fee_service", N_("Phí dịch vụ"),
        "phi dich vu, service fee, biaya layanan, phi chuong trinh, phi khuyen mai", r"^phi dich vu",
    ),
    Column(
        "fee_payment", N_("Phí thanh toán"),
        "phi thanh toan, transaction fee, payment fee, biaya transaksi, phi giao dich, phi xu ly giao dich",
        r"^phi (thanh toan|giao dich)",
    ),
    Column(
        "fee_other", N_("Phí khác của sàn"),
        "phi khac, other fee, phi tra hang, phi van chuyen nguoi ban tra, tong phi", r"^phi khac",
    ),
    Column(
        "buyer", N_("Người nhận"),
        "ten nguoi nhan, nguoi nhan, receiver name, shippingname, shipping name, recipient, nama penerima, ten "
        "khach hang, customer name, customername, khach hang, ten nguoi mua, nguoi mua",
    ),
    Column(
        "phone", N_("Số điện thoại"),
        "so dien thoai, phone number, phone, shippingphone, dien thoai, no telepon, sdt, dien thoai nguoi nhan",
        r"^(so )?dien thoai|^sdt",
    ),
    Column("province", N_("Tỉnh"), "tinh thanh pho, tinh, province, provinsi, shippingcity, thanh pho, tinh tp"),
    Column("district", N_("Huyện"), "tp quan huyen, quan huyen, district, kota kabupaten, town, huyen"),
    Column("commune", N_("Xã"), "phuong xa, quan, xa, ward, phuong, commune, xa phuong"),
    Column(
        "address", N_("Địa chỉ"),
        "dia chi nhan hang, dia chi, delivery address, shippingaddress, alamat pengiriman, dia chi giao hang, dia "
        "chi nguoi nhan, detail address",
    ),
    Column(
        "carrier", N_("Bên giao"),
        "don vi van chuyen, shipping option, shippingprovider, shipping provider, hang van chuyen, shipment "
        "provider, doi tac van chuyen, shipping provider name, nha van chuyen",
    ),
    Column(
        "tracking", N_("Mã vận đơn"),
        "ma van don, tracking number, trackingcode, tracking code, tracking id, no resi, so van don",
    ),
    Column("note", N_("Lời nhắn"), "ghi chu, remark from buyer, buyer message, note, nhan xet tu nguoi mua, loi nhan"),
)  # fmt: skip

CHINESE: dict[str, str] = {  # folding keeps Latin letters alone, so these are looked for as they stand
    "商品名称": "name",
    "商品描述": "description",
    "类目": "category",
    "价格": "price",
    "库存": "stock",
    "卖家SKU": "sku",
    "规格货号": "sku",
    "主商品货号": "parent_sku",
    "重量": "weight",
    "品牌": "brand",
    "商品主图": "image_cover",
    "条形码": "gtin",
}

ORDERS_NEED = ("number", "status", "sku", "quantity")
FEES = ("fee_fixed", "fee_service", "fee_payment", "fee_other")
TEMPLATE_NEED = ("sku", "price", "stock")


def title(column: Column) -> tuple[str, dict[str, str]]:
    """A column's name as a message id with what stands in it."""
    return column.title, {"n": column.key.rpartition("_")[2]} if column.key.startswith("image_") else {}
