E=[
("account-and-login.2.txt","!code doesnt come","!code for signing in doesnt come"),
("account-and-login.2.txt","!I've changed everything you told me to and it still doesn't work","!I've changed the password the way you told me to and it still doesn't work"),
("billing-and-invoices.1.txt","Can you backdate?","Can you backdate an invoice?"),
("billing-and-invoices.1.txt","The rounding is wrong.","The rounding on the bill is wrong."),
("billing-and-invoices.1.txt",'It says "document". Could you...','It says "document". Could you send it again with the right heading?'),
("billing-and-invoices.2.txt","!amount is wrong","!amount on the bill wrong"),
("billing-and-invoices.2.txt","!Why do I pay more than it says?","!Why does the bill say more than the order did?"),
("orders-and-delivery.2.txt","!Something is wrong.","!Something is wrong, please answer."),
("orders-and-delivery.2.txt","!urgent!!! call me","!urgent!!! please call me"),
("orders-and-delivery.3.txt","still no parcel!!!!!","still no parcel here!!!!!"),
("orders-and-delivery.3.txt","!Help!","!Help! Is anybody there?"),
("orders-and-delivery.2.txt","I've got covid and don't want to meet the driver.","I'm down with the flu and don't want to pass it on to the driver."),
("privacy-and-legal.1.txt","unsubscribe","!unsubscribe unsubscribe unsubscribe unsubscribe!!"),
("privacy-and-legal.1.txt","Delete everything.","!Delete everything about me."),
("returns-and-refunds.1.txt","Refund?","!Refund, please! How long?"),
("returns-and-refunds.1.txt","I want my money back NOW.","!I want a refund NOW."),
("technical-problem.1.txt","Site down?","Is your site down?"),
("technical-problem.2.txt","!doesnt work","!your site doesnt work"),
("subscription.2.txt","!i dont want it anymore","!i dont want to be in it anymore, the club"),
("payments.3.txt","SWIFT code","BIC"),
("technical-problem.1.txt",'it complains of "WebGL".','it complains that there are "no 3D graphics" on my brand-new computer.'),
]
MOVE=["My refund for R-2-0918 was issued","Refund went to my old address as a cheque??"]
for f,a,b in E:
    L=open(f,encoding='utf8').read().split('\n')
    hit=[k for k,l in enumerate(L) if (l==a or (len(a)>12 and a in l))]
    exact=[k for k in hit if L[k]==a]; hit=exact or hit
    assert len(hit)==1,(f,a,hit)
    L[hit[0]]=L[hit[0]].replace(a,b); open(f,'w',encoding='utf8').write('\n'.join(L))
import glob
out=[]
for f in glob.glob('returns*.txt'):
    L=open(f,encoding='utf8').read().split('\n')
    out+=['!'+l for l in L if any(l.startswith(m) for m in MOVE)]
    open(f,'w',encoding='utf8').write('\n'.join(l for l in L if not any(l.startswith(m) for m in MOVE)))
assert len(out)==2
open('payments.5.txt','w',encoding='utf8').write('\n'.join(out)+'\n')
